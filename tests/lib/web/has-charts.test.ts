import { expect, test } from 'vitest'
import { hasCharts } from '../../../lib/web/has-charts.ts'

test.each([
  ['/clusters/main', ''],
  ['/clusters/main/groups/billing', 'members'],
  ['/clusters/main/topics/orders', ''],
  ['/clusters/main/topics/orders', 'partitions'],
  ['/clusters/main/brokers', ''],
  ['/clusters/main/brokers/2', 'configs'],
])('%s with tab "%s" draws over time', (pathname, tab) => {
  expect(hasCharts(pathname, tab)).toBe(true)
})

test.each([
  ['/clusters/main/groups', ''],
  ['/clusters/main/topics', ''],
  ['/clusters/main/topics/new', ''],
  ['/clusters/main/topics/orders', 'records'],
  ['/clusters/main/records', ''],
  ['/clusters/main/alerts', 'rules'],
  ['/clusters/main/changes', ''],
])('%s with tab "%s" draws nothing over time', (pathname, tab) => {
  expect(hasCharts(pathname, tab)).toBe(false)
})

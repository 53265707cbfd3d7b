import { expect, test } from 'vitest'
import { applyLiveDelta } from '../../../lib/web/live-delta.ts'

const orders = { name: 'orders', records: 1 }
const payments = { name: 'payments', records: 2 }
const document = { topics: [orders, payments], parts: { metadata: 1 } }

test('a changed row takes its old place and the others stay the same objects', () => {
  const next = applyLiveDelta(document, {
    set: {},
    rows: { topics: { upsert: [{ name: 'orders', records: 5 }], remove: [] } },
  })
  expect(next.topics).toEqual([{ name: 'orders', records: 5 }, payments])
  expect((next.topics as unknown[])[1]).toBe(payments)
})

test('new rows join at the end and removed ones leave', () => {
  const next = applyLiveDelta(document, {
    set: {},
    rows: { topics: { upsert: [{ name: 'clicks', records: 9 }], remove: ['orders'] } },
  })
  expect(next.topics).toEqual([payments, { name: 'clicks', records: 9 }])
})

test('set replaces whole properties and the old document stays as it was', () => {
  const next = applyLiveDelta(document, { set: { parts: { metadata: 2 } }, rows: {} })
  expect(next).toEqual({ ...document, parts: { metadata: 2 } })
  expect(document.parts).toEqual({ metadata: 1 })
})

test('rows of a table without a key are refused', () => {
  expect(() => applyLiveDelta(document, { set: {}, rows: { recentChanges: { upsert: [], remove: [] } } })).toThrow(
    'recentChanges',
  )
})

import { expect, test } from 'vitest'
import { chinese } from '../../../lib/format/chinese.ts'
import { english } from '../../../lib/format/english.ts'
import { createFormats } from '../../../lib/format/formats.ts'

const formats = createFormats({ language: 'en', zone: 'UTC', now: () => Date.UTC(2026, 10, 23, 4) })
const counts = {
  brokersOnline: 3,
  brokersExpected: 3,
  topics: 5,
  userTopics: 4,
  partitions: 77,
  underReplicated: 0,
  underMinIsr: 0,
  offline: 0,
  groups: 1,
  openAlerts: 0,
}

test('partitions are counted of all topics, and the internal ones are named', () => {
  expect(english.overview.counts(counts, formats)).toBe('4 topics and 1 internal, 77 partitions, 1 group')
  expect(chinese.overview.counts(counts, formats)).toBe('4 个主题和 1 个内部主题，共 77 个分区，1 个消费组')
})

test('what is not there or not known is not counted', () => {
  const young = { ...counts, topics: 1, userTopics: 1, partitions: 1, groups: null }
  expect(english.overview.counts(young, formats)).toBe('1 topic, 1 partition')
})

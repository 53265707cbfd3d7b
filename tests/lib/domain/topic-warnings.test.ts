import { expect, test } from 'vitest'
import { findTopicWarnings, type PlannedTopic } from '../../../lib/domain/topic-warnings.ts'

const sound: PlannedTopic = {
  name: 'orders',
  partitions: 12,
  replicationFactor: 3,
  minInSync: 2,
  brokers: 3,
  cleanupPolicy: 'delete',
  retentionMs: 604_800_000,
  retentionBytes: -1,
}
const codesOf = (changed: Partial<PlannedTopic>) => findTopicWarnings({ ...sound, ...changed }).map(({ code }) => code)

test('a sound topic is passed without a word', () => {
  expect(codesOf({})).toEqual([])
})

test.each([
  [{ replicationFactor: 1, minInSync: 1 }, ['singleReplica']],
  [{ minInSync: 3 }, ['minInSyncIsAll']],
  [{ minInSync: 4 }, ['minInSyncAboveReplication']],
  [{ replicationFactor: 4 }, ['replicationAboveBrokers']],
  [{ partitions: 400 }, ['manyPartitions']],
  [{ name: 'a.b_c' }, ['mixedSeparators']],
  [{ retentionMs: -1 }, ['keptForever']],
  [{ retentionMs: -1, cleanupPolicy: 'compact' }, []],
])('%o is warned of', (changed, codes) => {
  expect(codesOf(changed)).toEqual(codes)
})

import { array, type Decoded, type Encodable, int8, int32, structure, uuid } from '../schema.ts'

export const partitionRecord = structure({
  name: 'PartitionRecord',
  recordType: 3,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('partitionId', { default: -1 }),
    uuid('topicId'),
    array('replicas', 'int32'),
    array('isr', 'int32'),
    array('removingReplicas', 'int32'),
    array('addingReplicas', 'int32'),
    int32('leader', { default: -1 }),
    int8('leaderRecoveryState', { tag: 0, default: 0 }),
    int32('leaderEpoch', { default: -1 }),
    int32('partitionEpoch', { default: -1 }),
    array('directories', 'uuid', { versions: '1+' }),
    array('eligibleLeaderReplicas', 'int32', { versions: '2+', nullable: '2+', tag: 1, default: null }),
    array('lastKnownElr', 'int32', { versions: '2+', nullable: '2+', tag: 2, default: null }),
  ],
})

export type PartitionRecord = Decoded<typeof partitionRecord>
export type PartitionRecordBody = Encodable<typeof partitionRecord>

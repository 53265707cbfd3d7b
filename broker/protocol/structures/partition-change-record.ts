import { array, type Decoded, type Encodable, int8, int32, structure, uuid } from '../schema.ts'

export const partitionChangeRecord = structure({
  name: 'PartitionChangeRecord',
  recordType: 5,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('partitionId', { default: -1 }),
    uuid('topicId'),
    array('isr', 'int32', { nullable: '0+', tag: 0, default: null }),
    int32('leader', { tag: 1, default: -2 }),
    array('replicas', 'int32', { nullable: '0+', tag: 2, default: null }),
    array('removingReplicas', 'int32', { nullable: '0+', tag: 3, default: null }),
    array('addingReplicas', 'int32', { nullable: '0+', tag: 4, default: null }),
    int8('leaderRecoveryState', { tag: 5, default: -1 }),
    array('directories', 'uuid', { versions: '1+', nullable: '1+', tag: 8, default: null }),
    array('eligibleLeaderReplicas', 'int32', { versions: '2+', nullable: '2+', tag: 6, default: null }),
    array('lastKnownElr', 'int32', { versions: '2+', nullable: '2+', tag: 7, default: null }),
  ],
})

export type PartitionChangeRecord = Decoded<typeof partitionChangeRecord>
export type PartitionChangeRecordBody = Encodable<typeof partitionChangeRecord>

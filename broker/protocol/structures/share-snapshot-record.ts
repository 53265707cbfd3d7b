import { array, type Decoded, type Encodable, int8, int16, int32, int64, string, structure, uuid } from '../schema.ts'

export const shareSnapshotKey = structure({
  name: 'ShareSnapshotKey',
  recordType: 0,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), uuid('topicId'), int32('partition')],
})

export const shareSnapshotValue = structure({
  name: 'ShareSnapshotValue',
  recordType: 0,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('snapshotEpoch'),
    int32('stateEpoch'),
    int32('leaderEpoch'),
    int64('startOffset'),
    int32('deliveryCompleteCount', { tag: 0, default: -1 }),
    int64('createTimestamp'),
    int64('writeTimestamp'),
    array('stateBatches', [int64('firstOffset'), int64('lastOffset'), int8('deliveryState'), int16('deliveryCount')]),
  ],
})

export type ShareSnapshotKey = Decoded<typeof shareSnapshotKey>
export type ShareSnapshotKeyBody = Encodable<typeof shareSnapshotKey>

export type ShareSnapshotValue = Decoded<typeof shareSnapshotValue>
export type ShareSnapshotValueBody = Encodable<typeof shareSnapshotValue>

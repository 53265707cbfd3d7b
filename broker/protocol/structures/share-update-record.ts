import { array, type Decoded, type Encodable, int8, int16, int32, int64, string, structure, uuid } from '../schema.ts'

export const shareUpdateKey = structure({
  name: 'ShareUpdateKey',
  recordType: 1,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), uuid('topicId'), int32('partition')],
})

export const shareUpdateValue = structure({
  name: 'ShareUpdateValue',
  recordType: 1,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('snapshotEpoch'),
    int32('leaderEpoch'),
    int64('startOffset'),
    int32('deliveryCompleteCount', { tag: 0, default: -1 }),
    array('stateBatches', [int64('firstOffset'), int64('lastOffset'), int8('deliveryState'), int16('deliveryCount')]),
  ],
})

export type ShareUpdateKey = Decoded<typeof shareUpdateKey>
export type ShareUpdateKeyBody = Encodable<typeof shareUpdateKey>

export type ShareUpdateValue = Decoded<typeof shareUpdateValue>
export type ShareUpdateValueBody = Encodable<typeof shareUpdateValue>

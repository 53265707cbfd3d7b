import { type Decoded, type Encodable, int32, int64, string, structure } from '../schema.ts'

export const consumerGroupMetadataKey = structure({
  name: 'ConsumerGroupMetadataKey',
  recordType: 3,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

export const consumerGroupMetadataValue = structure({
  name: 'ConsumerGroupMetadataValue',
  recordType: 3,
  versions: '0',
  flexible: '0+',
  fields: [int32('epoch'), int64('metadataHash', { tag: 0, default: 0 })],
})

export type ConsumerGroupMetadataKey = Decoded<typeof consumerGroupMetadataKey>
export type ConsumerGroupMetadataKeyBody = Encodable<typeof consumerGroupMetadataKey>

export type ConsumerGroupMetadataValue = Decoded<typeof consumerGroupMetadataValue>
export type ConsumerGroupMetadataValueBody = Encodable<typeof consumerGroupMetadataValue>

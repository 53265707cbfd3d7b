import { type Decoded, type Encodable, int32, int64, string, structure } from '../schema.ts'

export const shareGroupMetadataKey = structure({
  name: 'ShareGroupMetadataKey',
  recordType: 11,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

export const shareGroupMetadataValue = structure({
  name: 'ShareGroupMetadataValue',
  recordType: 11,
  versions: '0',
  flexible: '0+',
  fields: [int32('epoch'), int64('metadataHash')],
})

export type ShareGroupMetadataKey = Decoded<typeof shareGroupMetadataKey>
export type ShareGroupMetadataKeyBody = Encodable<typeof shareGroupMetadataKey>

export type ShareGroupMetadataValue = Decoded<typeof shareGroupMetadataValue>
export type ShareGroupMetadataValueBody = Encodable<typeof shareGroupMetadataValue>

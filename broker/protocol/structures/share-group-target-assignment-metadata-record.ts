import { type Decoded, type Encodable, int32, int64, string, structure } from '../schema.ts'

export const shareGroupTargetAssignmentMetadataKey = structure({
  name: 'ShareGroupTargetAssignmentMetadataKey',
  recordType: 12,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

export const shareGroupTargetAssignmentMetadataValue = structure({
  name: 'ShareGroupTargetAssignmentMetadataValue',
  recordType: 12,
  versions: '0',
  flexible: '0+',
  fields: [int32('assignmentEpoch'), int64('assignmentTimestamp', { tag: 0, default: 0 })],
})

export type ShareGroupTargetAssignmentMetadataKey = Decoded<typeof shareGroupTargetAssignmentMetadataKey>
export type ShareGroupTargetAssignmentMetadataKeyBody = Encodable<typeof shareGroupTargetAssignmentMetadataKey>

export type ShareGroupTargetAssignmentMetadataValue = Decoded<typeof shareGroupTargetAssignmentMetadataValue>
export type ShareGroupTargetAssignmentMetadataValueBody = Encodable<typeof shareGroupTargetAssignmentMetadataValue>

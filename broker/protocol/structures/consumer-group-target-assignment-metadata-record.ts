import { type Decoded, type Encodable, int32, int64, string, structure } from '../schema.ts'

export const consumerGroupTargetAssignmentMetadataKey = structure({
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  recordType: 6,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId')],
})

export const consumerGroupTargetAssignmentMetadataValue = structure({
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  recordType: 6,
  versions: '0',
  flexible: '0+',
  fields: [int32('assignmentEpoch'), int64('assignmentTimestamp', { tag: 0, default: 0 })],
})

export type ConsumerGroupTargetAssignmentMetadataKey = Decoded<typeof consumerGroupTargetAssignmentMetadataKey>
export type ConsumerGroupTargetAssignmentMetadataKeyBody = Encodable<typeof consumerGroupTargetAssignmentMetadataKey>

export type ConsumerGroupTargetAssignmentMetadataValue = Decoded<typeof consumerGroupTargetAssignmentMetadataValue>
export type ConsumerGroupTargetAssignmentMetadataValueBody = Encodable<
  typeof consumerGroupTargetAssignmentMetadataValue
>

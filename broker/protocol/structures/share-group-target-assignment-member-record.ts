import { array, type Decoded, type Encodable, string, structure, uuid } from '../schema.ts'

export const shareGroupTargetAssignmentMemberKey = structure({
  name: 'ShareGroupTargetAssignmentMemberKey',
  recordType: 13,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

export const shareGroupTargetAssignmentMemberValue = structure({
  name: 'ShareGroupTargetAssignmentMemberValue',
  recordType: 13,
  versions: '0',
  flexible: '0+',
  fields: [array('topicPartitions', [uuid('topicId'), array('partitions', 'int32')])],
})

export type ShareGroupTargetAssignmentMemberKey = Decoded<typeof shareGroupTargetAssignmentMemberKey>
export type ShareGroupTargetAssignmentMemberKeyBody = Encodable<typeof shareGroupTargetAssignmentMemberKey>

export type ShareGroupTargetAssignmentMemberValue = Decoded<typeof shareGroupTargetAssignmentMemberValue>
export type ShareGroupTargetAssignmentMemberValueBody = Encodable<typeof shareGroupTargetAssignmentMemberValue>

import { array, type Decoded, type Encodable, string, structure, uuid } from '../schema.ts'

export const consumerGroupTargetAssignmentMemberKey = structure({
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  recordType: 7,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

export const consumerGroupTargetAssignmentMemberValue = structure({
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  recordType: 7,
  versions: '0',
  flexible: '0+',
  fields: [array('topicPartitions', [uuid('topicId'), array('partitions', 'int32')])],
})

export type ConsumerGroupTargetAssignmentMemberKey = Decoded<typeof consumerGroupTargetAssignmentMemberKey>
export type ConsumerGroupTargetAssignmentMemberKeyBody = Encodable<typeof consumerGroupTargetAssignmentMemberKey>

export type ConsumerGroupTargetAssignmentMemberValue = Decoded<typeof consumerGroupTargetAssignmentMemberValue>
export type ConsumerGroupTargetAssignmentMemberValueBody = Encodable<typeof consumerGroupTargetAssignmentMemberValue>

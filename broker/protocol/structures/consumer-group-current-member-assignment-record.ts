import { array, type Decoded, type Encodable, int8, int32, string, structure, uuid } from '../schema.ts'

const topicPartitions = [
  uuid('topicId'),
  array('partitions', 'int32'),
  array('assignmentEpochs', 'int32', { nullable: '0+', tag: 0, default: null }),
] as const

export const consumerGroupCurrentMemberAssignmentKey = structure({
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  recordType: 8,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

export const consumerGroupCurrentMemberAssignmentValue = structure({
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  recordType: 8,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('memberEpoch'),
    int32('previousMemberEpoch'),
    int8('state'),
    array('assignedPartitions', topicPartitions),
    array('partitionsPendingRevocation', topicPartitions),
  ],
})

export type ConsumerGroupCurrentMemberAssignmentKey = Decoded<typeof consumerGroupCurrentMemberAssignmentKey>
export type ConsumerGroupCurrentMemberAssignmentKeyBody = Encodable<typeof consumerGroupCurrentMemberAssignmentKey>

export type ConsumerGroupCurrentMemberAssignmentValue = Decoded<typeof consumerGroupCurrentMemberAssignmentValue>
export type ConsumerGroupCurrentMemberAssignmentValueBody = Encodable<typeof consumerGroupCurrentMemberAssignmentValue>

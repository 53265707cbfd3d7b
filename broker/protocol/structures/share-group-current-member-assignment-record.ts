import { array, type Decoded, type Encodable, int8, int32, string, structure, uuid } from '../schema.ts'

export const shareGroupCurrentMemberAssignmentKey = structure({
  name: 'ShareGroupCurrentMemberAssignmentKey',
  recordType: 14,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

const topicPartitions = [uuid('topicId'), array('partitions', 'int32')] as const

export const shareGroupCurrentMemberAssignmentValue = structure({
  name: 'ShareGroupCurrentMemberAssignmentValue',
  recordType: 14,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('memberEpoch'),
    int32('previousMemberEpoch'),
    int8('state'),
    array('assignedPartitions', topicPartitions),
  ],
})

export type ShareGroupCurrentMemberAssignmentKey = Decoded<typeof shareGroupCurrentMemberAssignmentKey>
export type ShareGroupCurrentMemberAssignmentKeyBody = Encodable<typeof shareGroupCurrentMemberAssignmentKey>

export type ShareGroupCurrentMemberAssignmentValue = Decoded<typeof shareGroupCurrentMemberAssignmentValue>
export type ShareGroupCurrentMemberAssignmentValueBody = Encodable<typeof shareGroupCurrentMemberAssignmentValue>

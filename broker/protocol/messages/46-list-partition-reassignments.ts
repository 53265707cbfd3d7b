import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const listPartitionReassignmentsRequest = message({
  api: 46,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('timeoutMs', { default: 60000 }),
    array('topics', [string('name'), array('partitionIndexes', 'int32')], { nullable: '0+', default: null }),
  ],
})

export const listPartitionReassignmentsResponse = message({
  api: 46,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partitionIndex'),
        array('replicas', 'int32'),
        array('addingReplicas', 'int32'),
        array('removingReplicas', 'int32'),
      ]),
    ]),
  ],
})

export const listPartitionReassignments = api({
  key: 46,
  name: 'ListPartitionReassignments',
  request: listPartitionReassignmentsRequest,
  response: listPartitionReassignmentsResponse,
})

export type ListPartitionReassignmentsRequest = Decoded<typeof listPartitionReassignmentsRequest>
export type ListPartitionReassignmentsRequestBody = Encodable<typeof listPartitionReassignmentsRequest>

export type ListPartitionReassignmentsResponse = Decoded<typeof listPartitionReassignmentsResponse>
export type ListPartitionReassignmentsResponseBody = Encodable<typeof listPartitionReassignmentsResponse>
export type OngoingTopicReassignmentBody = ListPartitionReassignmentsResponseBody['topics'][number]

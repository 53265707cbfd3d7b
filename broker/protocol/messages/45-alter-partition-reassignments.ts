import { api, array, bool, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const alterPartitionReassignmentsRequest = message({
  api: 45,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('timeoutMs', { default: 60000 }),
    bool('allowReplicationFactorChange', { versions: '1+', default: true }),
    array('topics', [
      string('name'),
      array('partitions', [int32('partitionIndex'), array('replicas', 'int32', { nullable: '0+', default: null })]),
    ]),
  ],
})

export const alterPartitionReassignmentsResponse = message({
  api: 45,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    bool('allowReplicationFactorChange', { versions: '1+', default: true }),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array('responses', [
      string('name'),
      array('partitions', [int32('partitionIndex'), int16('errorCode'), string('errorMessage', { nullable: '0+' })]),
    ]),
  ],
})

export const alterPartitionReassignments = api({
  key: 45,
  name: 'AlterPartitionReassignments',
  request: alterPartitionReassignmentsRequest,
  response: alterPartitionReassignmentsResponse,
})

export type AlterPartitionReassignmentsRequest = Decoded<typeof alterPartitionReassignmentsRequest>
export type AlterPartitionReassignmentsRequestBody = Encodable<typeof alterPartitionReassignmentsRequest>

export type AlterPartitionReassignmentsResponse = Decoded<typeof alterPartitionReassignmentsResponse>
export type AlterPartitionReassignmentsResponseBody = Encodable<typeof alterPartitionReassignmentsResponse>

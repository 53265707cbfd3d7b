import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const electLeadersRequest = message({
  api: 43,
  versions: '0-2',
  flexible: '2+',
  fields: [
    int8('electionType', { versions: '1+' }),
    array('topicPartitions', [string('topic'), array('partitions', 'int32')], { nullable: '0+' }),
    int32('timeoutMs', { default: 60000 }),
  ],
})

export const electLeadersResponse = message({
  api: 43,
  versions: '0-2',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode', { versions: '1+' }),
    array('replicaElectionResults', [
      string('topic'),
      array('partitionResult', [int32('partitionId'), int16('errorCode'), string('errorMessage', { nullable: '0+' })]),
    ]),
  ],
})

export const electLeaders = api({
  key: 43,
  name: 'ElectLeaders',
  request: electLeadersRequest,
  response: electLeadersResponse,
})

export type ElectLeadersRequest = Decoded<typeof electLeadersRequest>
export type ElectLeadersRequestBody = Encodable<typeof electLeadersRequest>

export type ElectLeadersResponse = Decoded<typeof electLeadersResponse>
export type ElectLeadersResponseBody = Encodable<typeof electLeadersResponse>

import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const describeClusterRequest = message({
  api: 60,
  versions: '0-2',
  flexible: '0+',
  fields: [
    bool('includeClusterAuthorizedOperations'),
    int8('endpointType', { versions: '1+', default: 1 }),
    bool('includeFencedBrokers', { versions: '2+' }),
  ],
})

export const describeClusterResponse = message({
  api: 60,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+', default: null }),
    int8('endpointType', { versions: '1+', default: 1 }),
    string('clusterId'),
    int32('controllerId', { default: -1 }),
    array('brokers', [
      int32('brokerId'),
      string('host'),
      int32('port'),
      string('rack', { nullable: '0+', default: null }),
      bool('isFenced', { versions: '2+' }),
    ]),
    int32('clusterAuthorizedOperations', { default: -2147483648 }),
  ],
})

export const describeCluster = api({
  key: 60,
  name: 'DescribeCluster',
  request: describeClusterRequest,
  response: describeClusterResponse,
})

export type DescribeClusterRequest = Decoded<typeof describeClusterRequest>
export type DescribeClusterRequestBody = Encodable<typeof describeClusterRequest>

export type DescribeClusterResponse = Decoded<typeof describeClusterResponse>
export type DescribeClusterResponseBody = Encodable<typeof describeClusterResponse>

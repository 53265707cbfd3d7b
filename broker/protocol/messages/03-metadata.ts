import { api, array, bool, type Decoded, type Encodable, int16, int32, message, string, uuid } from '../schema.ts'

export const metadataRequest = message({
  api: 3,
  versions: '0-13',
  flexible: '9+',
  fields: [
    array('topics', [uuid('topicId', { versions: '10+' }), string('name', { nullable: '10+' })], { nullable: '1+' }),
    bool('allowAutoTopicCreation', { versions: '4+', default: true }),
    bool('includeClusterAuthorizedOperations', { versions: '8-10' }),
    bool('includeTopicAuthorizedOperations', { versions: '8+' }),
  ],
})

export const metadataResponse = message({
  api: 3,
  versions: '0-13',
  flexible: '9+',
  fields: [
    int32('throttleTimeMs', { versions: '3+' }),
    array('brokers', [
      int32('nodeId'),
      string('host'),
      int32('port'),
      string('rack', { versions: '1+', nullable: '1+', default: null }),
    ]),
    string('clusterId', { versions: '2+', nullable: '2+', default: null }),
    int32('controllerId', { versions: '1+', default: -1 }),
    array('topics', [
      int16('errorCode'),
      string('name', { nullable: '12+' }),
      uuid('topicId', { versions: '10+' }),
      bool('isInternal', { versions: '1+', default: false }),
      array('partitions', [
        int16('errorCode'),
        int32('partitionIndex'),
        int32('leaderId'),
        int32('leaderEpoch', { versions: '7+', default: -1 }),
        array('replicaNodes', 'int32'),
        array('isrNodes', 'int32'),
        array('offlineReplicas', 'int32', { versions: '5+' }),
      ]),
      int32('topicAuthorizedOperations', { versions: '8+', default: -2147483648 }),
    ]),
    int32('clusterAuthorizedOperations', { versions: '8-10', default: -2147483648 }),
    int16('errorCode', { versions: '13+' }),
  ],
})

export const metadata = api({ key: 3, name: 'Metadata', request: metadataRequest, response: metadataResponse })

export type MetadataRequest = Decoded<typeof metadataRequest>
export type MetadataRequestBody = Encodable<typeof metadataRequest>

export type MetadataResponse = Decoded<typeof metadataResponse>
export type MetadataResponseBody = Encodable<typeof metadataResponse>
export type MetadataResponseTopic = MetadataResponse['topics'][number]
export type MetadataResponsePartition = MetadataResponseTopic['partitions'][number]
export type MetadataResponseTopicBody = MetadataResponseBody['topics'][number]

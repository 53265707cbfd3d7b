import { api, array, type Decoded, type Encodable, int16, int32, message, string } from '../schema.ts'

export const alterReplicaLogDirsRequest = message({
  api: 34,
  versions: '1-2',
  flexible: '2+',
  fields: [array('dirs', [string('path'), array('topics', [string('name'), array('partitions', 'int32')])])],
})

export const alterReplicaLogDirsResponse = message({
  api: 34,
  versions: '1-2',
  flexible: '2+',
  fields: [
    int32('throttleTimeMs'),
    array('results', [string('topicName'), array('partitions', [int32('partitionIndex'), int16('errorCode')])]),
  ],
})

export const alterReplicaLogDirs = api({
  key: 34,
  name: 'AlterReplicaLogDirs',
  request: alterReplicaLogDirsRequest,
  response: alterReplicaLogDirsResponse,
})

export type AlterReplicaLogDirsRequest = Decoded<typeof alterReplicaLogDirsRequest>
export type AlterReplicaLogDirsRequestBody = Encodable<typeof alterReplicaLogDirsRequest>

export type AlterReplicaLogDirsResponse = Decoded<typeof alterReplicaLogDirsResponse>
export type AlterReplicaLogDirsResponseBody = Encodable<typeof alterReplicaLogDirsResponse>

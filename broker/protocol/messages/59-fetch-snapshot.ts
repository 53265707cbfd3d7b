import {
  api,
  array,
  type Decoded,
  type Encodable,
  int16,
  int32,
  int64,
  message,
  records,
  string,
  struct,
  uint16,
  uuid,
} from '../schema.ts'

export const fetchSnapshotRequest = message({
  api: 59,
  versions: '0-1',
  flexible: '0+',
  fields: [
    string('clusterId', { nullable: '0+', tag: 0, default: null }),
    int32('replicaId', { default: -1 }),
    int32('maxBytes', { default: 0x7fffffff }),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('partition'),
        int32('currentLeaderEpoch'),
        struct('snapshotId', [int64('endOffset'), int32('epoch')]),
        int64('position'),
        uuid('replicaDirectoryId', { versions: '1+', tag: 0 }),
      ]),
    ]),
  ],
})

export const fetchSnapshotResponse = message({
  api: 59,
  versions: '0-1',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    array('topics', [
      string('name'),
      array('partitions', [
        int32('index'),
        int16('errorCode'),
        struct('snapshotId', [int64('endOffset'), int32('epoch')]),
        struct('currentLeader', [int32('leaderId'), int32('leaderEpoch')], { tag: 0 }),
        int64('size'),
        int64('position'),
        records('unalignedRecords'),
      ]),
    ]),
    array('nodeEndpoints', [int32('nodeId'), string('host'), uint16('port')], { versions: '1+', tag: 0 }),
  ],
})

export const fetchSnapshot = api({
  key: 59,
  name: 'FetchSnapshot',
  request: fetchSnapshotRequest,
  response: fetchSnapshotResponse,
})

export type FetchSnapshotRequest = Decoded<typeof fetchSnapshotRequest>
export type FetchSnapshotRequestBody = Encodable<typeof fetchSnapshotRequest>

export type FetchSnapshotResponse = Decoded<typeof fetchSnapshotResponse>
export type FetchSnapshotResponseBody = Encodable<typeof fetchSnapshotResponse>

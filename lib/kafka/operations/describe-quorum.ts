import { wireOperation } from '../operation.ts'

export interface DescribeQuorumResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  /** -1: none elected. */
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** DescribeQuorum (55) v0-2, of the metadata log: who is the controller. What follows the leader's epoch is not read. */
export const describeQuorum = wireOperation<null, DescribeQuorumResponse>({
  api: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  encode(writer) {
    writer
      .compactArray(['__cluster_metadata'], (topic) =>
        writer
          .compactString(topic)
          .compactArray([0], (partition) => writer.int32(partition).noTags())
          .noTags(),
      )
      .noTags()
  },
  decode(reader, version) {
    const none = { throttleTimeMs: 0, leaderId: -1, leaderEpoch: -1 }
    const errorCode = reader.int16()
    if (version >= 2) reader.compactNullableString()
    const topics = reader.unsignedVarint() - 1
    if (errorCode !== 0 || topics < 1) return { ...none, errorCode }
    reader.compactString()
    const partitions = reader.unsignedVarint() - 1
    if (partitions < 1) return { ...none, errorCode }
    reader.int32()
    const partitionErrorCode = reader.int16()
    if (version >= 2) reader.compactNullableString()
    return { throttleTimeMs: 0, errorCode: partitionErrorCode, leaderId: reader.int32(), leaderEpoch: reader.int32() }
  },
})

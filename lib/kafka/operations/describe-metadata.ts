import { wireOperation } from '../operation.ts'

export interface DescribeMetadataRequest {
  /** `null`: all topics. */
  readonly topics: readonly string[] | null
}

export interface MetadataPartition {
  readonly errorCode: number
  readonly partition: number
  /** -1: none. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: number[]
  readonly inSync: number[]
  readonly offlineReplicas: number[]
}

export interface MetadataTopic {
  readonly errorCode: number
  readonly name: string
  readonly id: string | null
  readonly isInternal: boolean
  readonly partitions: MetadataPartition[]
}

export interface DescribeMetadataResponse {
  readonly throttleTimeMs: number
  readonly brokers: {
    readonly id: number
    readonly host: string
    readonly port: number
    readonly rack: string | null
  }[]
  readonly clusterId: string | null
  readonly topics: MetadataTopic[]
}

/** Metadata (3) v12. Its controller id is left out: on KRaft it names a random broker. Never creates a topic. */
export const describeMetadata = wireOperation<DescribeMetadataRequest, DescribeMetadataResponse>({
  api: 3,
  name: 'Metadata',
  minVersion: 12,
  maxVersion: 12,
  encode(writer, { topics }) {
    writer
      .compactArray(topics, (topic) => writer.uuid(null).compactString(topic).noTags())
      .boolean(false)
      .boolean(false)
      .noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const brokers = reader.compactArray(() => {
      const broker = {
        id: reader.int32(),
        host: reader.compactString(),
        port: reader.int32(),
        rack: reader.compactNullableString(),
      }
      reader.skipTags()
      return broker
    })
    const clusterId = reader.compactNullableString()
    reader.int32()
    const topics = reader.compactArray(() => {
      const topic = {
        errorCode: reader.int16(),
        name: reader.compactString(),
        id: reader.topicId(),
        isInternal: reader.boolean(),
        partitions: reader.compactArray(() => {
          const partition = {
            errorCode: reader.int16(),
            partition: reader.int32(),
            leader: reader.int32(),
            leaderEpoch: reader.int32(),
            replicas: reader.compactInt32Array(),
            inSync: reader.compactInt32Array(),
            offlineReplicas: reader.compactInt32Array(),
          }
          reader.skipTags()
          return partition
        }),
      }
      reader.int32()
      reader.skipTags()
      topic.partitions.sort((a, b) => a.partition - b.partition)
      return topic
    })
    return { throttleTimeMs, brokers, clusterId, topics }
  },
})

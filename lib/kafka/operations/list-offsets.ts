import { wireOperation } from '../operation.ts'

export const latestTimestamp = -1n
export const earliestTimestamp = -2n

export interface ListOffsetsRequest {
  /** A partition may stand in it once. `timestamp` is ms since the epoch, `latestTimestamp` or `earliestTimestamp`. */
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[]
  readonly timestamp: bigint
}

export interface ListedOffset {
  readonly partition: number
  readonly errorCode: number
  /** -1: no record at or after the timestamp. */
  readonly offset: bigint
}

export interface ListOffsetsResponse {
  readonly throttleTimeMs: number
  readonly topics: { readonly name: string; readonly partitions: ListedOffset[] }[]
}

/** ListOffsets (2) v7-9, to the partitions' leader. Offsets are high watermarks (isolation level 0). */
export const listOffsets = wireOperation<ListOffsetsRequest, ListOffsetsResponse>({
  api: 2,
  name: 'ListOffsets',
  minVersion: 7,
  maxVersion: 9,
  encode(writer, { topics, timestamp }) {
    writer
      .int32(-1)
      .int8(0)
      .compactArray(topics, ({ name, partitions }) =>
        writer
          .compactString(name)
          .compactArray(partitions, (partition) => writer.int32(partition).int32(-1).int64(timestamp).noTags())
          .noTags(),
      )
      .noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const topics = reader.compactArray(() => {
      const name = reader.compactString()
      const partitions = reader.compactArray(() => {
        const partition = reader.int32()
        const errorCode = reader.int16()
        reader.int64AsNumber()
        const offset = reader.int64()
        reader.int32()
        reader.skipTags()
        return { partition, errorCode, offset }
      })
      reader.skipTags()
      return { name, partitions }
    })
    return { throttleTimeMs, topics }
  },
})

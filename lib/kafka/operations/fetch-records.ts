import { wireOperation } from '../operation.ts'

export interface FetchRecordsRequest {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly offset: bigint }[]
  readonly partitionBytesMax: number
  readonly responseBytesMax: number
}

export interface FetchRecordsResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly partitions: {
    readonly partition: number
    readonly errorCode: number
    /** Whole record batches, the last possibly cut off. */
    readonly batches: Buffer
  }[]
}

/**
 * Fetch (1) v12, the last that names topics: uncommitted isolation, no session, no waiting. The library's own decoding
 * fails a whole answer on one bad partition or an unknown compression.
 */
export const fetchRecords = wireOperation<FetchRecordsRequest, FetchRecordsResponse>({
  api: 1,
  name: 'Fetch',
  minVersion: 12,
  maxVersion: 12,
  encode(writer, { topic, partitions, partitionBytesMax, responseBytesMax }) {
    writer.int32(-1).int32(0).int32(0).int32(responseBytesMax).int8(0).int32(0).int32(-1)
    writer.compactArray([topic], (name) =>
      writer
        .compactString(name)
        .compactArray(partitions, ({ partition, offset }) =>
          writer.int32(partition).int32(-1).int64(offset).int32(-1).int64(-1n).int32(partitionBytesMax).noTags(),
        )
        .noTags(),
    )
    writer
      .compactArray([], () => undefined)
      .compactString('')
      .noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const errorCode = reader.int16()
    reader.int32()
    const topics = reader.compactArray(() => {
      reader.compactString()
      const partitions = reader.compactArray(() => {
        const partition = reader.int32()
        const partitionErrorCode = reader.int16()
        reader.bytes(24)
        reader.compactArray(() => {
          reader.bytes(16)
          reader.skipTags()
        })
        reader.int32()
        const batches = reader.compactBytes() ?? Buffer.alloc(0)
        reader.skipTags()
        return { partition, errorCode: partitionErrorCode, batches }
      })
      reader.skipTags()
      return partitions
    })
    return { throttleTimeMs, errorCode, partitions: topics.flat() }
  },
})

import { wireOperation } from '../operation.ts'

export interface FetchOffsetsRequest {
  /** All of one coordinator. */
  readonly groups: readonly string[]
}

export interface CommittedOffset {
  readonly partition: number
  /** -1: nothing committed. */
  readonly offset: bigint
  readonly errorCode: number
}

export interface FetchOffsetsResponse {
  readonly throttleTimeMs: number
  readonly groups: {
    readonly id: string
    readonly errorCode: number
    readonly topics: { readonly name: string; readonly partitions: CommittedOffset[] }[]
  }[]
}

/**
 * OffsetFetch (9) v8-9: many groups in one request (KIP-709), each with every partition that it committed. Never asks
 * for stable offsets: a pending transaction would hide the group.
 */
export const fetchOffsets = wireOperation<FetchOffsetsRequest, FetchOffsetsResponse>({
  api: 9,
  name: 'OffsetFetch',
  minVersion: 8,
  maxVersion: 9,
  encode(writer, { groups }, version) {
    writer
      .compactArray(groups, (group) => {
        writer.compactString(group)
        // No member and epoch -1 mark an administrator, who is not checked against the group (KIP-848).
        if (version >= 9) writer.compactString(null).int32(-1)
        writer.compactArray(null, () => undefined).noTags()
      })
      .boolean(false)
      .noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const groups = reader.compactArray(() => {
      const id = reader.compactString()
      const topics = reader.compactArray(() => {
        const name = reader.compactString()
        const partitions = reader.compactArray(() => {
          const partition = reader.int32()
          const offset = reader.int64()
          reader.int32()
          reader.skipCompactBytes()
          const errorCode = reader.int16()
          reader.skipTags()
          return { partition, offset, errorCode }
        })
        reader.skipTags()
        return { name, partitions }
      })
      const errorCode = reader.int16()
      reader.skipTags()
      return { id, errorCode, topics }
    })
    return { throttleTimeMs, groups }
  },
})

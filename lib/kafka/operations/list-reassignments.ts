import { wireOperation } from '../operation.ts'

export interface ListReassignmentsResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly topics: {
    readonly name: string
    readonly partitions: {
      readonly partition: number
      readonly addingReplicas: number[]
      readonly removingReplicas: number[]
    }[]
  }[]
}

/** ListPartitionReassignments (46) v0: all that are going on. The library cannot ask for all. */
export const listReassignments = wireOperation<{ timeoutMs: number }, ListReassignmentsResponse>({
  api: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  encode(writer, { timeoutMs }) {
    writer
      .int32(timeoutMs)
      .compactArray(null, () => undefined)
      .noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const errorCode = reader.int16()
    reader.compactNullableString()
    const topics = reader.compactArray(() => {
      const name = reader.compactString()
      const partitions = reader.compactArray(() => {
        const partition = reader.int32()
        reader.compactInt32Array()
        const reassignment = {
          partition,
          addingReplicas: reader.compactInt32Array(),
          removingReplicas: reader.compactInt32Array(),
        }
        reader.skipTags()
        return reassignment
      })
      reader.skipTags()
      return { name, partitions }
    })
    return { throttleTimeMs, errorCode, topics }
  },
})

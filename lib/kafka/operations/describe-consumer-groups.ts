import { wireOperation } from '../operation.ts'
import type { WireReader } from '../wire-reader.ts'

export interface DescribeConsumerGroupsResponse {
  readonly throttleTimeMs: number
  readonly groups: {
    readonly errorCode: number
    readonly id: string
    readonly state: string
    readonly assignor: string
    readonly members: {
      readonly memberId: string
      readonly instanceId: string | null
      readonly clientId: string
      readonly clientHost: string
      readonly assignments: { readonly topic: string; readonly partitions: number[] }[]
    }[]
  }[]
}

/** ConsumerGroupDescribe (69) v0-1: groups of KIP-848. The library reads the subscribed topics as one string. */
export const describeConsumerGroups = wireOperation<{ groups: readonly string[] }, DescribeConsumerGroupsResponse>({
  api: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  encode(writer, { groups }) {
    writer
      .compactArray(groups, (group) => writer.compactString(group))
      .boolean(false)
      .noTags()
  },
  decode(reader, version) {
    const throttleTimeMs = reader.int32()
    const groups = reader.compactArray(() => {
      const errorCode = reader.int16()
      reader.compactNullableString()
      const id = reader.compactString()
      const state = reader.compactString()
      reader.int32()
      reader.int32()
      const assignor = reader.compactString()
      const members = reader.compactArray(() => decodeMember(reader, version))
      reader.int32()
      reader.skipTags()
      return { errorCode, id, state, assignor, members }
    })
    return { throttleTimeMs, groups }
  },
})

function decodeMember(reader: WireReader, version: number) {
  const memberId = reader.compactString()
  const instanceId = reader.compactNullableString()
  reader.compactNullableString()
  reader.int32()
  const clientId = reader.compactString()
  const clientHost = reader.compactString()
  reader.compactArray(() => reader.compactString())
  reader.compactNullableString()
  const assignments = decodeAssignment(reader)
  decodeAssignment(reader)
  if (version >= 1) reader.int8()
  reader.skipTags()
  return { memberId, instanceId, clientId, clientHost, assignments }
}

function decodeAssignment(reader: WireReader) {
  const assignments = reader.compactArray(() => {
    reader.bytes(16)
    const assignment = { topic: reader.compactString(), partitions: reader.compactInt32Array() }
    reader.skipTags()
    return assignment
  })
  reader.skipTags()
  return assignments
}

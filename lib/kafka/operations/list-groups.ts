import { type Connection, listGroupsV4, listGroupsV5 } from '@platformatic/kafka'
import { libraryOperation } from '../operation.ts'

export interface ListGroupsResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly groups: {
    readonly groupId: string
    readonly protocolType: string
    readonly groupState: string
    /** `classic`, `consumer`, `share`, `streams`; absent before v5 (Kafka 3.8). */
    readonly groupType?: string
  }[]
}

/** ListGroups (16) v4-5: the groups that one broker coordinates, so the answer names their coordinator too. */
export const listGroups = libraryOperation<null, ListGroupsResponse>({
  api: 16,
  name: 'ListGroups',
  versions: {
    4: (connection: Connection) => listGroupsV4.api.async(connection, [], []),
    5: (connection: Connection) => listGroupsV5.api.async(connection, [], []),
  },
})

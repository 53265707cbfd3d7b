import { describeGroupsV5 } from '@platformatic/kafka'
import { libraryOperation } from '../operation.ts'

export interface DescribeGroupsRequest {
  /** All of one coordinator. */
  readonly groups: readonly string[]
}

/** DescribeGroups (15) v5: classic groups. One of KIP-848 looks dead here: see describeConsumerGroups. */
export const describeGroups = libraryOperation({
  api: 15,
  name: 'DescribeGroups',
  versions: {
    5: (connection, { groups }: DescribeGroupsRequest) => describeGroupsV5.api.async(connection, [...groups], false),
  },
})

import { describeConfigsV4 } from '@platformatic/kafka'
import { libraryOperation } from '../operation.ts'

export const configResourceType = { topic: 2, broker: 4 } as const

export interface DescribeConfigsRequest {
  readonly resources: readonly {
    readonly type: (typeof configResourceType)[keyof typeof configResourceType]
    readonly name: string
    /** Absent: every config. */
    readonly keys?: readonly string[]
  }[]
  readonly withDetails: boolean
}

/** DescribeConfigs (32) v4. A broker's own configs are answered by that broker only. */
export const describeConfigs = libraryOperation({
  api: 32,
  name: 'DescribeConfigs',
  versions: {
    4: (connection, { resources, withDetails }: DescribeConfigsRequest) =>
      describeConfigsV4.api.async(
        connection,
        resources.map(({ type, name, keys }) => ({
          resourceType: type,
          resourceName: name,
          configurationKeys: keys === undefined ? null : [...keys],
        })),
        withDetails,
        withDetails,
      ),
  },
})

import { createTopicsV7 } from '@platformatic/kafka'
import { libraryOperation } from '../operation.ts'

export interface CreateTopicsRequest {
  readonly name: string
  /** -1: the broker's default. */
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: ReadonlyMap<string, string>
  readonly isValidateOnly: boolean
  readonly timeoutMs: number
}

/** CreateTopics (19) v7, one topic. Any broker hands it to the controller. */
export const createTopics = libraryOperation({
  api: 19,
  name: 'CreateTopics',
  versions: {
    7: (connection, request: CreateTopicsRequest) =>
      createTopicsV7.api.async(
        connection,
        [
          {
            name: request.name,
            numPartitions: request.partitions,
            replicationFactor: request.replicationFactor,
            assignments: [],
            configs: [...request.configs].map(([name, value]) => ({ name, value })),
          },
        ],
        request.timeoutMs,
        request.isValidateOnly,
      ),
  },
})

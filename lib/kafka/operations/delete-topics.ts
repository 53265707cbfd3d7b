import { deleteTopicsV6 } from '@platformatic/kafka'
import { libraryOperation } from '../operation.ts'

/** DeleteTopics (20) v6, one topic by name. */
export const deleteTopics = libraryOperation({
  api: 20,
  name: 'DeleteTopics',
  versions: {
    6: (connection, { name, timeoutMs }: { name: string; timeoutMs: number }) =>
      deleteTopicsV6.api.async(connection, [{ name, topicId: null }], timeoutMs),
  },
})

import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { SharePartitionKey } from '../share/share-partition-key.ts'
import type { RequestContext } from './handler.ts'

interface AskedPartition {
  readonly partition: number
}

interface AskedState<P extends AskedPartition> {
  readonly groupId: string
  readonly topics: readonly { readonly topicId: string; readonly partitions: readonly P[] }[]
}

interface Outcome {
  readonly errorCode: number
  readonly errorMessage: string | null
}

/**
 * Answers what brokers ask of a share coordinator, for each partition by itself: `ask` rejects with KafkaError for one that
 * is refused, of which `nothing` is then said.
 */
export async function answerShareState<P extends AskedPartition, R extends object>(
  { access }: RequestContext,
  { groupId, topics }: AskedState<P>,
  ask: (key: SharePartitionKey, asked: P) => Promise<R>,
  nothing: R,
) {
  const isAllowed = access.allowsOnCluster('clusterAction')
  const answer = async (topicId: string, asked: P): Promise<R & Outcome & AskedPartition> => {
    const { partition } = asked
    try {
      if (!isAllowed) throw new KafkaError(errorCodes.CLUSTER_AUTHORIZATION_FAILED)
      const result = await ask({ groupId, topicId, partition }, asked)
      return { ...result, partition, errorCode: errorCodes.NONE, errorMessage: null }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { ...nothing, partition, errorCode: error.code, errorMessage: error.message }
    }
  }
  const results = topics.map(async ({ topicId, partitions }) => ({
    topicId,
    partitions: await Promise.all(partitions.map((asked) => answer(topicId, asked))),
  }))
  return { results: await Promise.all(results) }
}

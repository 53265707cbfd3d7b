import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type EpochEndOffsetBody,
  type OffsetForLeaderPartition,
  offsetForLeaderEpoch,
} from '../../protocol/messages/23-offset-for-leader-epoch.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 2-4. Consumers ask it to learn whether records they have read were truncated (KIP-320). */

export function offsetForLeaderEpochHandler(replicas: ReplicaManager): Handler {
  return handler(offsetForLeaderEpoch, ({ topics }, { access }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asked) => {
        // Once only brokers asked; since KIP-320 consumers do too.
        const isAllowed = access.allowsOnCluster('clusterAction') || access.allows('describe', 'topic', topic)
        return isAllowed ? endOffsetOf(replicas, topic, asked) : refused(asked)
      }),
    })),
  }))
}

function endOffsetOf(replicas: ReplicaManager, topic: string, asked: OffsetForLeaderPartition): EpochEndOffsetBody {
  const { partition: index, currentLeaderEpoch, leaderEpoch } = asked
  try {
    const partition = replicas.requirePartition(topic, index)
    const errorCode = partition.checkLeader(currentLeaderEpoch)
    if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
    const { epoch, endOffset } = partition.endOffsetOfEpoch(leaderEpoch)
    return { errorCode: errorCodes.NONE, partition: index, leaderEpoch: epoch, endOffset }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { errorCode: error.code, partition: index, leaderEpoch: -1, endOffset: -1 }
  }
}

function refused({ partition }: OffsetForLeaderPartition): EpochEndOffsetBody {
  return { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, partition, leaderEpoch: -1, endOffset: -1 }
}

import { internalTopics } from '../../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import { deleteRecords } from '../../protocol/messages/21-delete-records.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 0-2. Answers when all live replicas have dropped the records, or after the request's timeout. */

export function deleteRecordsHandler(replicas: ReplicaManager): Handler {
  return handler(deleteRecords, async ({ topics, timeoutMs }, { access }) => ({
    throttleTimeMs: 0,
    topics: await Promise.all(
      topics.map(async ({ name, partitions }) => ({
        name,
        partitions: await Promise.all(
          partitions.map(async ({ partitionIndex, offset }) => {
            try {
              access.require('delete', 'topic', name)
              const lowWatermark = await deleteBefore(replicas, name, partitionIndex, offset, timeoutMs)
              return { partitionIndex, lowWatermark, errorCode: errorCodes.NONE }
            } catch (error) {
              if (!(error instanceof KafkaError)) throw error
              return { partitionIndex, lowWatermark: -1, errorCode: error.code }
            }
          }),
        ),
      })),
    ),
  }))
}

async function deleteBefore(
  replicas: ReplicaManager,
  topic: string,
  index: number,
  offset: number,
  timeoutMs: number,
): Promise<number> {
  if (internalTopics.has(topic)) throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION)
  const partition = replicas.requirePartition(topic, index)
  const { isCompacted, deletesOldSegments } = partition.config.log
  if (isCompacted && !deletesOldSegments) throw new KafkaError(errorCodes.POLICY_VIOLATION)
  return partition.deleteRecordsBefore(offset, timeoutMs)
}

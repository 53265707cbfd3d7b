import type { LogDirectory } from '../../log/log-directory.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import { alterReplicaLogDirs } from '../../protocol/messages/34-alter-replica-log-dirs.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 1-2. A broker has one log folder: replicas are there already, and every other folder is unknown. */

export function alterReplicaLogDirsHandler(replicas: ReplicaManager, logs: LogDirectory): Handler {
  return handler(alterReplicaLogDirs, ({ dirs }, { access }) => {
    const isAllowed = access.allowsOnCluster('alter')
    const results = dirs.flatMap(({ path, topics }) =>
      topics.map(({ name, partitions }) => ({
        topicName: name,
        partitions: partitions.map((partitionIndex) => {
          const errorCode = isAllowed
            ? moveTo(path, name, partitionIndex, replicas, logs)
            : errorCodes.CLUSTER_AUTHORIZATION_FAILED
          return { partitionIndex, errorCode }
        }),
      })),
    )
    return { throttleTimeMs: 0, results }
  })
}

function moveTo(path: string, topic: string, index: number, replicas: ReplicaManager, logs: LogDirectory): ErrorCode {
  if (path !== logs.path) return errorCodes.LOG_DIR_NOT_FOUND
  if (logs.isOffline) return errorCodes.KAFKA_STORAGE_ERROR
  try {
    replicas.requirePartition(topic, index)
    return errorCodes.NONE
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    // Clients know the older name of the two.
    return error.code === errorCodes.NOT_LEADER_OR_FOLLOWER ? errorCodes.REPLICA_NOT_AVAILABLE : error.code
  }
}

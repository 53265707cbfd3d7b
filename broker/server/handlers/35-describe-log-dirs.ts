import type { LogDirectory } from '../../log/log-directory.ts'
import { errorCodes } from '../../protocol/errors.ts'
import {
  type DescribeLogDirsPartitionBody,
  type DescribeLogDirsRequest,
  describeLogDirs,
} from '../../protocol/messages/35-describe-log-dirs.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { type Handler, handler } from '../handler.ts'

/* Versions 1-5. A broker has one log folder; of one that is offline only the error is told. */

export function describeLogDirsHandler(replicas: ReplicaManager, logs: LogDirectory): Handler {
  return handler(describeLogDirs, async (request, { access }) => {
    if (!access.allowsOnCluster('describe')) {
      return { throttleTimeMs: 0, errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, results: [] }
    }
    if (logs.isOffline) {
      const offline = { errorCode: errorCodes.KAFKA_STORAGE_ERROR, logDir: logs.path, topics: [] }
      return { throttleTimeMs: 0, errorCode: errorCodes.NONE, results: [offline] }
    }
    const { totalBytes, usableBytes } = await logs.usage()
    const topics = [...partitionsByTopic(request, replicas)].map(([name, partitions]) => ({ name, partitions }))
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      results: [{ errorCode: errorCodes.NONE, logDir: logs.path, topics, totalBytes, usableBytes }],
    }
  })
}

function partitionsByTopic(request: DescribeLogDirsRequest, replicas: ReplicaManager) {
  const isAsked = askedIn(request)
  const topics = new Map<string, DescribeLogDirsPartitionBody[]>()
  for (const { topic, index, log, highWatermark } of replicas.partitions()) {
    if (!isAsked(topic, index)) continue
    const partition = {
      partitionIndex: index,
      partitionSize: log.sizeBytes,
      // How far a replica is behind what it knows to be committed.
      offsetLag: Math.max(0, highWatermark - log.logEndOffset),
      isFutureKey: false,
    }
    const partitions = topics.get(topic)
    if (partitions === undefined) topics.set(topic, [partition])
    else partitions.push(partition)
  }
  return topics
}

/** `null` asks for everything. */
function askedIn({ topics }: DescribeLogDirsRequest): (topic: string, index: number) => boolean {
  if (topics === null) return () => true
  const asked = new Set(topics.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`)))
  return (topic, index) => asked.has(`${topic}-${index}`)
}

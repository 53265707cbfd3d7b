import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import { type WriteTxnMarkersRequest, writeTxnMarkers } from '../../protocol/messages/27-write-txn-markers.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import { handler } from '../handler.ts'

type Marker = WriteTxnMarkersRequest['markers'][number]

/*
 * Versions 1-2, for transaction coordinators and for tools that end a hanging transaction. Answered once all in-sync
 * replicas have the markers. Version 2 says by which transaction.version's rules the producer's epoch is judged.
 */
export const writeTxnMarkersHandler = (replicas: ReplicaManager) =>
  handler(writeTxnMarkers, async ({ markers }, { access }) => {
    const isAllowed = access.allowsOnCluster('alter') || access.allowsOnCluster('clusterAction')
    return {
      markers: await Promise.all(
        markers.map(async (marker) => ({
          producerId: marker.producerId,
          topics: await Promise.all(
            marker.topics.map(async ({ name, partitionIndexes }) => ({
              name,
              partitions: await Promise.all(
                partitionIndexes.map(async (partitionIndex) => ({
                  partitionIndex,
                  errorCode: isAllowed
                    ? await writeMarker(replicas, marker, name, partitionIndex)
                    : errorCodes.CLUSTER_AUTHORIZATION_FAILED,
                })),
              ),
            })),
          ),
        })),
      ),
    }
  })

async function writeMarker(
  replicas: ReplicaManager,
  marker: Marker,
  topic: string,
  partition: number,
): Promise<ErrorCode> {
  const { producerId, producerEpoch, coordinatorEpoch, transactionVersion, transactionResult: isCommit } = marker
  const end = { producerId, producerEpoch, isCommit, coordinatorEpoch, transactionVersion }
  try {
    await replicas.appendMarker({ topic, partition, end, timeoutMs: replicas.settings.requestTimeoutMs })
    return errorCodes.NONE
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return error.code
  }
}

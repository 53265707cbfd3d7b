import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponseBody } from '../protocol/messages/59-fetch-snapshot.ts'
import type { MetadataSnapshots } from './metadata-snapshots.ts'

type AskedPartition = FetchSnapshotRequest['topics'][number]['partitions'][number]

const noBytes = Buffer.alloc(0)

/** A part of a snapshot for a broker whose metadata ends before the log begins. */
export async function fetchSnapshot(
  snapshots: MetadataSnapshots,
  leader: { leaderId: number; leaderEpoch: number },
  request: FetchSnapshotRequest,
): Promise<FetchSnapshotResponseBody> {
  const topic = request.topics[0]
  const asked = topic?.partitions[0]
  if (topic?.name !== clusterMetadataTopicName || asked === undefined) {
    return { throttleTimeMs: 0, errorCode: errorCodes.INVALID_REQUEST, topics: [] }
  }
  const { snapshotId, position } = asked
  const part = position < 0 ? undefined : await snapshots.readPart(snapshotId, position, request.maxBytes)
  const errorCode = findError(asked, leader.leaderEpoch, part?.size)
  const isGiven = errorCode === errorCodes.NONE
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    topics: [
      {
        name: topic.name,
        partitions: [
          {
            index: asked.partition,
            errorCode,
            snapshotId,
            currentLeader: leader,
            size: isGiven ? (part?.size ?? 0) : 0,
            position: isGiven ? position : 0,
            unalignedRecords: isGiven ? (part?.bytes ?? noBytes) : noBytes,
          },
        ],
      },
    ],
  }
}

function findError(asked: AskedPartition, leaderEpoch: number, size: number | undefined): ErrorCode {
  if (asked.partition !== 0) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  if (asked.currentLeaderEpoch !== -1 && asked.currentLeaderEpoch !== leaderEpoch) {
    return asked.currentLeaderEpoch < leaderEpoch ? errorCodes.FENCED_LEADER_EPOCH : errorCodes.UNKNOWN_LEADER_EPOCH
  }
  if (asked.position < 0 || asked.position >= (size ?? Number.POSITIVE_INFINITY)) {
    return errorCodes.POSITION_OUT_OF_RANGE
  }
  return size === undefined ? errorCodes.SNAPSHOT_NOT_FOUND : errorCodes.NONE
}

import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import { errorCodes } from '../protocol/errors.ts'
import type {
  DescribeQuorumRequest,
  DescribeQuorumResponseBody,
  PartitionDataBody,
  ReplicaStateBody,
} from '../protocol/messages/55-describe-quorum.ts'
import type { MetadataFollowers } from './metadata-followers.ts'

export interface Quorum {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly logEndOffset: number
  readonly brokerIds: readonly number[]
  readonly followers: MetadataFollowers
  readonly endpoint: { readonly host: string; readonly port: number }
}

/**
 * Every broker may take the controller port, so every one is a voter and none an observer. All name the same endpoint:
 * the one that whoever leads listens on.
 */
export function describeQuorum(
  quorum: Quorum,
  request: DescribeQuorumRequest,
  nowMs: number,
): DescribeQuorumResponseBody {
  return {
    errorCode: errorCodes.NONE,
    errorMessage: null,
    topics: request.topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) =>
        topicName === clusterMetadataTopicName && partitionIndex === 0
          ? describePartition(quorum, nowMs)
          : unknownPartition(partitionIndex),
      ),
    })),
    nodes: quorum.brokerIds.map((nodeId) => ({ nodeId, listeners: [{ name: 'CONTROLLER', ...quorum.endpoint }] })),
  }
}

function describePartition(quorum: Quorum, nowMs: number): PartitionDataBody {
  return {
    partitionIndex: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    leaderId: quorum.leaderId,
    leaderEpoch: quorum.leaderEpoch,
    highWatermark: quorum.highWatermark,
    currentVoters: quorum.brokerIds.map((brokerId) => describeVoter(quorum, brokerId, nowMs)),
    observers: [],
  }
}

function describeVoter(quorum: Quorum, brokerId: number, nowMs: number): ReplicaStateBody {
  if (brokerId === quorum.leaderId) {
    const { logEndOffset } = quorum
    return { replicaId: brokerId, logEndOffset, lastFetchTimestamp: nowMs, lastCaughtUpTimestamp: nowMs }
  }
  const follower = quorum.followers.find(brokerId)
  return {
    replicaId: brokerId,
    logEndOffset: follower?.logEndOffset ?? -1,
    lastFetchTimestamp: follower?.lastFetchTimestampMs ?? -1,
    lastCaughtUpTimestamp: follower?.lastCaughtUpTimestampMs ?? -1,
  }
}

function unknownPartition(partitionIndex: number): PartitionDataBody {
  return {
    partitionIndex,
    errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
    errorMessage: 'This server does not host this topic-partition.',
    leaderId: 0,
    leaderEpoch: 0,
    highWatermark: 0,
    currentVoters: [],
    observers: [],
  }
}

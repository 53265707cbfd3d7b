import { decode } from '../../protocol/codec.ts'
import {
  type ConsumerGroupCurrentMemberAssignmentValueBody,
  consumerGroupCurrentMemberAssignmentKey,
  consumerGroupCurrentMemberAssignmentValue,
} from '../../protocol/structures/consumer-group-current-member-assignment-record.ts'
import {
  consumerGroupMemberMetadataKey,
  consumerGroupMemberMetadataValue,
} from '../../protocol/structures/consumer-group-member-metadata-record.ts'
import {
  consumerGroupMetadataKey,
  consumerGroupMetadataValue,
} from '../../protocol/structures/consumer-group-metadata-record.ts'
import { consumerGroupPartitionMetadataKey } from '../../protocol/structures/consumer-group-partition-metadata-record.ts'
import {
  consumerGroupRegularExpressionKey,
  consumerGroupRegularExpressionValue,
} from '../../protocol/structures/consumer-group-regular-expression-record.ts'
import {
  consumerGroupTargetAssignmentMemberKey,
  consumerGroupTargetAssignmentMemberValue,
} from '../../protocol/structures/consumer-group-target-assignment-member-record.ts'
import {
  consumerGroupTargetAssignmentMetadataKey,
  consumerGroupTargetAssignmentMetadataValue,
} from '../../protocol/structures/consumer-group-target-assignment-metadata-record.ts'
import type { NewRecord } from '../../record/build-batch.ts'
import type { GroupKindRecord } from '../group-kind.ts'
import { versioned } from '../group-records.ts'
import {
  type Assignment,
  assignmentOf,
  type EpochAssignment,
  type TopicPartitions,
  topicPartitionsOf,
} from './assignment.ts'
import { type MemberMetadata, type MemberPosition, type MemberState, memberStates } from './consumer-member.ts'

const keyTypes = { group: 3, partitions: 4, member: 5, targetEpoch: 6, target: 7, position: 8, regex: 16 } as const

export const consumerRecordKeyTypes: readonly number[] = Object.values(keyTypes)

export interface ResolvedRegex {
  readonly topics: readonly string[]
  /** The offset of the metadata that it was resolved with. */
  readonly version: number
  readonly timestamp: number
}

/** A change of a consumer group, as one record of the log holds it. `null` removes what it names. */
export type ConsumerRecord =
  | { kind: 'group'; value: { epoch: number; metadataHash: number } | null }
  /** Of groups written by Kafka before 4.1: topics and racks, which are a hash in the group's record since. */
  | { kind: 'partitions'; value: null }
  | { kind: 'member'; memberId: string; value: MemberMetadata | null }
  | { kind: 'targetEpoch'; value: { assignmentEpoch: number; assignmentTimestamp: number } | null }
  | { kind: 'target'; memberId: string; value: Assignment | null }
  | { kind: 'position'; memberId: string; value: MemberPosition | null }
  | { kind: 'regex'; regex: string; value: ResolvedRegex | null }

export function encodeConsumerRecord(groupId: string, record: ConsumerRecord): NewRecord {
  const { kind, value } = record
  switch (kind) {
    case 'group':
      return {
        key: versioned(keyTypes.group, consumerGroupMetadataKey, 0, { groupId }),
        value: value && versioned(0, consumerGroupMetadataValue, 0, value),
      }
    case 'partitions':
      return { key: versioned(keyTypes.partitions, consumerGroupPartitionMetadataKey, 0, { groupId }), value: null }
    case 'member':
      return {
        key: versioned(keyTypes.member, consumerGroupMemberMetadataKey, 0, { groupId, memberId: record.memberId }),
        value: value && versioned(0, consumerGroupMemberMetadataValue, 0, value),
      }
    case 'targetEpoch':
      return {
        key: versioned(keyTypes.targetEpoch, consumerGroupTargetAssignmentMetadataKey, 0, { groupId }),
        value: value && versioned(0, consumerGroupTargetAssignmentMetadataValue, 0, value),
      }
    case 'target': {
      const key = { groupId, memberId: record.memberId }
      const body = value && { topicPartitions: topicPartitionsOf(value) }
      return {
        key: versioned(keyTypes.target, consumerGroupTargetAssignmentMemberKey, 0, key),
        value: body && versioned(0, consumerGroupTargetAssignmentMemberValue, 0, body),
      }
    }
    case 'position': {
      const key = { groupId, memberId: record.memberId }
      return {
        key: versioned(keyTypes.position, consumerGroupCurrentMemberAssignmentKey, 0, key),
        value: value && versioned(0, consumerGroupCurrentMemberAssignmentValue, 0, positionBody(value)),
      }
    }
    case 'regex': {
      const key = { groupId, regularExpression: record.regex }
      const body = value && { ...value, topics: [...value.topics] }
      return {
        key: versioned(keyTypes.regex, consumerGroupRegularExpressionKey, 0, key),
        value: body && versioned(0, consumerGroupRegularExpressionValue, 0, body),
      }
    }
  }
}

/** @throws ProtocolError where it is not what its key's type says. */
export function decodeConsumerRecord({ keyType, key, value }: GroupKindRecord): {
  groupId: string
  record: ConsumerRecord
} {
  switch (keyType) {
    case keyTypes.group: {
      const { groupId } = decode(consumerGroupMetadataKey, 0, key)
      const decoded = value === undefined ? null : decode(consumerGroupMetadataValue, value.version, value.reader)
      return { groupId, record: { kind: 'group', value: decoded } }
    }
    case keyTypes.member: {
      const { groupId, memberId } = decode(consumerGroupMemberMetadataKey, 0, key)
      const decoded = value === undefined ? null : decode(consumerGroupMemberMetadataValue, value.version, value.reader)
      return { groupId, record: { kind: 'member', memberId, value: decoded } }
    }
    case keyTypes.targetEpoch: {
      const { groupId } = decode(consumerGroupTargetAssignmentMetadataKey, 0, key)
      const decoded =
        value === undefined ? null : decode(consumerGroupTargetAssignmentMetadataValue, value.version, value.reader)
      return { groupId, record: { kind: 'targetEpoch', value: decoded } }
    }
    case keyTypes.target: {
      const { groupId, memberId } = decode(consumerGroupTargetAssignmentMemberKey, 0, key)
      const decoded =
        value === undefined ? null : decode(consumerGroupTargetAssignmentMemberValue, value.version, value.reader)
      return { groupId, record: { kind: 'target', memberId, value: decoded && assignmentOf(decoded.topicPartitions) } }
    }
    case keyTypes.position: {
      const { groupId, memberId } = decode(consumerGroupCurrentMemberAssignmentKey, 0, key)
      const decoded =
        value === undefined ? null : decode(consumerGroupCurrentMemberAssignmentValue, value.version, value.reader)
      return { groupId, record: { kind: 'position', memberId, value: decoded && positionOf(decoded) } }
    }
    case keyTypes.regex: {
      const { groupId, regularExpression: regex } = decode(consumerGroupRegularExpressionKey, 0, key)
      const decoded =
        value === undefined ? null : decode(consumerGroupRegularExpressionValue, value.version, value.reader)
      return { groupId, record: { kind: 'regex', regex, value: decoded } }
    }
    default: {
      const { groupId } = decode(consumerGroupPartitionMetadataKey, 0, key)
      return { groupId, record: { kind: 'partitions', value: null } }
    }
  }
}

function positionBody(position: MemberPosition): ConsumerGroupCurrentMemberAssignmentValueBody {
  return {
    memberEpoch: position.memberEpoch,
    previousMemberEpoch: position.previousMemberEpoch,
    state: position.state,
    assignedPartitions: epochTopicPartitions(position.assigned),
    partitionsPendingRevocation: epochTopicPartitions(position.pendingRevocation),
  }
}

function epochTopicPartitions(assignment: EpochAssignment) {
  return topicPartitionsOf(assignment).map(({ topicId, partitions }) => {
    const epochs = assignment.get(topicId)
    return { topicId, partitions, assignmentEpochs: partitions.map((partition) => epochs?.get(partition) ?? -1) }
  })
}

interface EpochTopicPartitions extends TopicPartitions {
  /** Null in what Kafka before 4.3 wrote. */
  readonly assignmentEpochs: readonly number[] | null
}

function positionOf(value: {
  memberEpoch: number
  previousMemberEpoch: number
  state: number
  assignedPartitions: readonly EpochTopicPartitions[]
  partitionsPendingRevocation: readonly EpochTopicPartitions[]
}): MemberPosition {
  const { memberEpoch, previousMemberEpoch } = value
  return {
    memberEpoch,
    previousMemberEpoch,
    state: memberStateOf(value.state),
    assigned: epochAssignmentOf(value.assignedPartitions, memberEpoch),
    pendingRevocation: epochAssignmentOf(value.partitionsPendingRevocation, memberEpoch),
  }
}

/** A state of a later version is taken for one in which the member goes on towards its target. */
function memberStateOf(state: number): MemberState {
  return Object.values(memberStates).find((known) => known === state) ?? memberStates.unreleasedPartitions
}

function epochAssignmentOf(topics: readonly EpochTopicPartitions[], memberEpoch: number): EpochAssignment {
  return new Map(
    topics.map(({ topicId, partitions, assignmentEpochs }) => [
      topicId,
      new Map(partitions.map((partition, i) => [partition, assignmentEpochs?.[i] ?? memberEpoch])),
    ]),
  )
}

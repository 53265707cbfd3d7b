import { decode } from '../../protocol/codec.ts'
import {
  shareGroupCurrentMemberAssignmentKey,
  shareGroupCurrentMemberAssignmentValue,
} from '../../protocol/structures/share-group-current-member-assignment-record.ts'
import {
  shareGroupMemberMetadataKey,
  shareGroupMemberMetadataValue,
} from '../../protocol/structures/share-group-member-metadata-record.ts'
import {
  shareGroupMetadataKey,
  shareGroupMetadataValue,
} from '../../protocol/structures/share-group-metadata-record.ts'
import {
  shareGroupStatePartitionMetadataKey,
  shareGroupStatePartitionMetadataValue,
} from '../../protocol/structures/share-group-state-partition-metadata-record.ts'
import {
  shareGroupTargetAssignmentMemberKey,
  shareGroupTargetAssignmentMemberValue,
} from '../../protocol/structures/share-group-target-assignment-member-record.ts'
import {
  shareGroupTargetAssignmentMetadataKey,
  shareGroupTargetAssignmentMetadataValue,
} from '../../protocol/structures/share-group-target-assignment-metadata-record.ts'
import type { NewRecord } from '../../record/build-batch.ts'
import type { GroupKindRecord } from '../group-kind.ts'
import { versioned } from '../group-records.ts'

/** The types of the keys, as Kafka numbers them. */
const keyTypes = {
  member: 10,
  group: 11,
  targetEpoch: 12,
  target: 13,
  current: 14,
  states: 15,
} as const

export const shareGroupKeyTypes: readonly number[] = Object.values(keyTypes)

const version = 0

/** The partitions of one topic. */
export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export interface NamedTopicPartitions extends TopicPartitions {
  readonly topicName: string
}

export interface ShareMemberMetadata {
  readonly rackId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly subscribedTopicNames: readonly string[]
}

/** What is kept of the state of share partitions elsewhere, so that nothing is forgotten there. */
export interface StatePartitions {
  readonly initializingTopics: readonly NamedTopicPartitions[]
  readonly initializedTopics: readonly NamedTopicPartitions[]
  readonly deletingTopics: readonly { readonly topicId: string; readonly topicName: string }[]
}

/** One change of a share group. A value is null where it removes what its key names. */
export type ShareGroupRecord =
  | { readonly kind: 'member'; readonly memberId: string; readonly value: ShareMemberMetadata | null }
  | { readonly kind: 'group'; readonly value: { readonly epoch: number; readonly metadataHash: number } | null }
  | { readonly kind: 'targetEpoch'; readonly value: { readonly assignmentEpoch: number } | null }
  | {
      readonly kind: 'target'
      readonly memberId: string
      readonly value: { readonly topicPartitions: readonly TopicPartitions[] } | null
    }
  | {
      readonly kind: 'current'
      readonly memberId: string
      readonly value: {
        readonly memberEpoch: number
        readonly previousMemberEpoch: number
        readonly state: number
        readonly assignedPartitions: readonly TopicPartitions[]
      } | null
    }
  | { readonly kind: 'states'; readonly value: StatePartitions | null }

export function encodeShareGroupRecord(groupId: string, record: ShareGroupRecord): NewRecord {
  const { kind, value } = record
  const type = keyTypes[kind]
  const memberKey = 'memberId' in record ? { groupId, memberId: record.memberId } : { groupId, memberId: '' }
  switch (kind) {
    case 'member':
      return {
        key: versioned(type, shareGroupMemberMetadataKey, version, memberKey),
        value: value && versioned(version, shareGroupMemberMetadataValue, version, value),
      }
    case 'group':
      return {
        key: versioned(type, shareGroupMetadataKey, version, { groupId }),
        value: value && versioned(version, shareGroupMetadataValue, version, value),
      }
    case 'targetEpoch':
      return {
        key: versioned(type, shareGroupTargetAssignmentMetadataKey, version, { groupId }),
        value: value && versioned(version, shareGroupTargetAssignmentMetadataValue, version, value),
      }
    case 'target':
      return {
        key: versioned(type, shareGroupTargetAssignmentMemberKey, version, memberKey),
        value: value && versioned(version, shareGroupTargetAssignmentMemberValue, version, value),
      }
    case 'current':
      return {
        key: versioned(type, shareGroupCurrentMemberAssignmentKey, version, memberKey),
        value: value && versioned(version, shareGroupCurrentMemberAssignmentValue, version, value),
      }
    case 'states':
      return {
        key: versioned(type, shareGroupStatePartitionMetadataKey, version, { groupId }),
        value: value && versioned(version, shareGroupStatePartitionMetadataValue, version, value),
      }
  }
}

export function decodeShareGroupRecord({ keyType, key, value }: GroupKindRecord): {
  groupId: string
  record: ShareGroupRecord
} {
  switch (keyType) {
    case keyTypes.member: {
      const { groupId, memberId } = decode(shareGroupMemberMetadataKey, version, key)
      const decoded = value ? decode(shareGroupMemberMetadataValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'member', memberId, value: decoded } }
    }
    case keyTypes.group: {
      const { groupId } = decode(shareGroupMetadataKey, version, key)
      const decoded = value ? decode(shareGroupMetadataValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'group', value: decoded } }
    }
    case keyTypes.targetEpoch: {
      const { groupId } = decode(shareGroupTargetAssignmentMetadataKey, version, key)
      const decoded = value ? decode(shareGroupTargetAssignmentMetadataValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'targetEpoch', value: decoded } }
    }
    case keyTypes.target: {
      const { groupId, memberId } = decode(shareGroupTargetAssignmentMemberKey, version, key)
      const decoded = value ? decode(shareGroupTargetAssignmentMemberValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'target', memberId, value: decoded } }
    }
    case keyTypes.current: {
      const { groupId, memberId } = decode(shareGroupCurrentMemberAssignmentKey, version, key)
      const decoded = value ? decode(shareGroupCurrentMemberAssignmentValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'current', memberId, value: decoded } }
    }
    case keyTypes.states: {
      const { groupId } = decode(shareGroupStatePartitionMetadataKey, version, key)
      const decoded = value ? decode(shareGroupStatePartitionMetadataValue, value.version, value.reader) : null
      return { groupId, record: { kind: 'states', value: decoded } }
    }
    default:
      throw new RangeError(`No record of a share group has the key type ${keyType}`)
  }
}

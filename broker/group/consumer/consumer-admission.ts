import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { OffsetClient } from '../group.ts'
import type { TopicPartition } from '../offsets.ts'
import type { ConsumerGroupState } from './consumer-group-state.ts'
import { type ConsumerMember, usesClassicProtocol } from './consumer-member.ts'
import type { TopicMetadata } from './topic-metadata.ts'

/* Why a consumer group takes no offsets from a client, or tells it none; undefined where it does. */

export function commitError(
  state: ConsumerGroupState,
  topics: TopicMetadata,
  client: OffsetClient,
  offsets: readonly TopicPartition[],
): ErrorCode | undefined {
  const { memberId, memberEpoch, groupInstanceId, apiVersion } = client
  if (memberEpoch < 0 && state.members.size === 0) return undefined
  // TxnOffsetCommit need not say who sends it.
  const isTransactional = apiVersion === undefined
  if (isTransactional && memberEpoch < 0 && memberId === '' && groupInstanceId === null) return undefined
  const member = state.find(memberId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  const isClassic = usesClassicProtocol(member)
  if (!isClassic && !isTransactional && apiVersion < 9) return errorCodes.UNSUPPORTED_VERSION
  if (memberEpoch === member.memberEpoch) return undefined
  // What it has had since before the epoch that it knows is still its own.
  const isEarlier = memberEpoch >= 0 && memberEpoch < member.memberEpoch
  const isItsOwn = isEarlier && offsets.every((offset) => hasHadSince(member, topics, offset, memberEpoch))
  if (isItsOwn && offsets.length > 0) return undefined
  return isClassic || isTransactional ? errorCodes.ILLEGAL_GENERATION : errorCodes.STALE_MEMBER_EPOCH
}

export function fetchError(state: ConsumerGroupState, { memberId, memberEpoch }: OffsetClient): ErrorCode | undefined {
  if (memberId === '' && memberEpoch < 0) return undefined
  const member = state.find(memberId)
  if (member === undefined) return errorCodes.UNKNOWN_MEMBER_ID
  if (memberEpoch === member.memberEpoch) return undefined
  return usesClassicProtocol(member) ? errorCodes.ILLEGAL_GENERATION : errorCodes.STALE_MEMBER_EPOCH
}

function hasHadSince(
  { assigned, pendingRevocation }: ConsumerMember,
  { image }: TopicMetadata,
  offset: TopicPartition,
  epoch: number,
): boolean {
  const topicId = image.topics.get(offset.topic)?.id ?? ''
  const since = [assigned, pendingRevocation].map((part) => part.get(topicId)?.get(offset.partition))
  return since.some((assignedAt) => assignedAt !== undefined && assignedAt <= epoch)
}

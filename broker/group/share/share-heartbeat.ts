import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type {
  ShareGroupHeartbeatRequest,
  ShareGroupHeartbeatResponseBody,
} from '../../protocol/messages/76-share-group-heartbeat.ts'
import { currentAssignment, type ShareGroup, type ShareMember } from './share-group.ts'
import type { ShareGroupRecord, ShareMemberMetadata, TopicPartitions } from './share-group-records.ts'
import { assignSimply } from './simple-assignor.ts'

export const leaveEpoch = -1

/** What a heartbeat is judged by. */
export interface ShareHeartbeatContext {
  readonly clientId: string
  readonly clientHost: string
  readonly membersMax: number
  readonly heartbeatIntervalMs: number
  /** The topic's id and partitions; undefined when there is no such topic. */
  findTopic(name: string): { readonly id: string; readonly partitions: readonly unknown[] } | undefined
}

export type ShareHeartbeatAnswer = Omit<ShareGroupHeartbeatResponseBody, 'throttleTimeMs'>

/**
 * One heartbeat of a member that stays. All that it changes is applied to the group; what it answers is right once the
 * records are written. Throws KafkaError.
 */
export function heartbeat(
  group: ShareGroup,
  request: ShareGroupHeartbeatRequest,
  context: ShareHeartbeatContext,
): { records: readonly ShareGroupRecord[]; answer: ShareHeartbeatAnswer } {
  const { memberId, memberEpoch } = request
  const known = group.members.get(memberId)
  if (known === undefined && memberEpoch !== 0) throw unknownMember(group, memberId)
  if (known === undefined && group.members.size >= context.membersMax) {
    const message = `The share group has reached its maximum capacity of ${context.membersMax} members.`
    throw new KafkaError(errorCodes.GROUP_MAX_SIZE_REACHED, message)
  }
  if (known !== undefined) requireEpoch(known, memberEpoch)
  const records: ShareGroupRecord[] = []
  const carryOut = (record: ShareGroupRecord) => {
    group.apply(record)
    records.push(record)
  }
  const isSubscriptionNew = updateMember(known, request, context, carryOut)
  const topics = subscribedTopics(group, context)
  const metadataHash = hashTopics(topics.values())
  if (isSubscriptionNew || metadataHash !== group.metadataHash) {
    carryOut({ kind: 'group', value: { epoch: group.epoch + 1, metadataHash } })
  }
  if (group.assignmentEpoch < group.epoch) assign(group, topics, carryOut)
  const isAssignmentNew = takeAssignment(group, memberId, carryOut)
  const member = group.members.get(memberId)
  const isWanted = memberEpoch === 0 || isAssignmentNew || request.subscribedTopicNames !== null
  return {
    records,
    answer: {
      errorCode: errorCodes.NONE,
      memberId,
      memberEpoch: member?.epoch ?? 0,
      heartbeatIntervalMs: context.heartbeatIntervalMs,
      assignment: isWanted ? { topicPartitions: member?.assigned ?? [] } : null,
    },
  }
}

/** What is wrong with the request itself. */
export function findHeartbeatFault(request: ShareGroupHeartbeatRequest): string | undefined {
  const { groupId, memberId, memberEpoch, subscribedTopicNames, rackId } = request
  if (memberId.trim() === '') return "MemberId can't be empty."
  if (groupId.trim() === '') return "GroupId can't be empty."
  if (rackId?.trim() === '') return "RackId can't be empty."
  if (memberEpoch < leaveEpoch) return 'MemberEpoch is invalid.'
  if (memberEpoch === 0 && (subscribedTopicNames === null || subscribedTopicNames.length === 0)) {
    return 'SubscribedTopicNames must be set in first request.'
  }
  return undefined
}

export function unknownMember({ groupId }: ShareGroup, memberId: string): KafkaError {
  return new KafkaError(errorCodes.UNKNOWN_MEMBER_ID, `Member ${memberId} is not a member of group ${groupId}.`)
}

export function heartbeatFailure(errorCode: ErrorCode, errorMessage: string | null): ShareHeartbeatAnswer {
  return { errorCode, errorMessage, memberEpoch: 0, heartbeatIntervalMs: 0 }
}

/** A repeated heartbeat of the epoch before is answered again, if its answer may have been lost. */
function requireEpoch({ epoch, previousEpoch }: ShareMember, memberEpoch: number): void {
  if (memberEpoch === 0 || memberEpoch === epoch || memberEpoch === previousEpoch) return
  const message =
    memberEpoch > epoch
      ? `The share group member has a greater member epoch (${memberEpoch}) than the one known by the group coordinator ` +
        `(${epoch}). The member must abandon all its partitions and rejoin.`
      : `The share group member has a smaller member epoch (${memberEpoch}) than the one known by the group coordinator ` +
        `(${epoch}), and it does not match the previous member epoch (${previousEpoch}). The member must abandon all its ` +
        'partitions and rejoin.'
  throw new KafkaError(errorCodes.FENCED_MEMBER_EPOCH, message)
}

/** Whether the group has something else to assign by. */
function updateMember(
  known: ShareMember | undefined,
  { memberId, rackId, subscribedTopicNames }: ShareGroupHeartbeatRequest,
  { clientId, clientHost }: ShareHeartbeatContext,
  carryOut: (record: ShareGroupRecord) => void,
): boolean {
  const before = known?.metadata
  const names = subscribedTopicNames === null ? undefined : [...new Set(subscribedTopicNames)].sort()
  const value: ShareMemberMetadata = {
    rackId: rackId ?? before?.rackId ?? null,
    clientId,
    clientHost,
    subscribedTopicNames: names ?? before?.subscribedTopicNames ?? [],
  }
  if (JSON.stringify(value) === JSON.stringify(before && { ...value, ...before })) return false
  carryOut({ kind: 'member', memberId, value })
  return value.subscribedTopicNames.join() !== before?.subscribedTopicNames.join()
}

/** What is subscribed to, exists and has its state kept, by name. */
function subscribedTopics(group: ShareGroup, { findTopic }: ShareHeartbeatContext): Map<string, TopicPartitions> {
  const initialized = new Map(group.states.initializedTopics.map((topic) => [topic.topicId, topic.partitions]))
  const topics = new Map<string, TopicPartitions>()
  for (const { metadata } of group.members.values()) {
    for (const name of metadata.subscribedTopicNames) {
      const topicId = findTopic(name)?.id
      const partitions = topicId === undefined ? undefined : initialized.get(topicId)
      if (topicId !== undefined && partitions !== undefined) topics.set(name, { topicId, partitions })
    }
  }
  return topics
}

/** FNV-1a over the topics in the order of their ids: tells whether they are the same as before. */
function hashTopics(topics: Iterable<TopicPartitions>): number {
  const names = [...topics].map(({ topicId, partitions }) => `${topicId}:${partitions.join()}`).sort()
  let hash = 0x811c9dc5
  for (const character of names.join(';')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

function assign(
  group: ShareGroup,
  topics: ReadonlyMap<string, TopicPartitions>,
  carryOut: (record: ShareGroupRecord) => void,
): void {
  const members = [...group.members.values()].map(({ memberId, metadata }) => ({
    memberId,
    subscribedTopicIds: metadata.subscribedTopicNames.flatMap((name) => topics.get(name)?.topicId ?? []),
    assigned: group.targets.get(memberId) ?? [],
  }))
  for (const [memberId, topicPartitions] of assignSimply(members, [...topics.values()])) {
    const before = group.targets.get(memberId)
    if (before !== undefined && isSame(before, topicPartitions)) continue
    carryOut({ kind: 'target', memberId, value: { topicPartitions } })
  }
  carryOut({ kind: 'targetEpoch', value: { assignmentEpoch: group.epoch } })
}

/** The member has its target at once: partitions are shared, nobody has to give them up first. */
function takeAssignment(group: ShareGroup, memberId: string, carryOut: (record: ShareGroupRecord) => void): boolean {
  const member = group.members.get(memberId)
  if (member === undefined || member.epoch === group.assignmentEpoch) return false
  const target = group.targets.get(memberId) ?? []
  const isNew = !isSame(member.assigned, target)
  carryOut(currentAssignment(memberId, group.assignmentEpoch, member.epoch, target))
  return isNew
}

function isSame(a: readonly TopicPartitions[], b: readonly TopicPartitions[]): boolean {
  const text = (topics: readonly TopicPartitions[]) => {
    return topics.map(({ topicId, partitions }) => `${topicId}:${partitions.join()}`).sort()
  }
  return text(a).join(';') === text(b).join(';')
}

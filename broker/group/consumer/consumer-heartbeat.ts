import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { EpochAssignment, TopicPartitions } from './assignment.ts'
import { type ConsumerMember, type MemberMetadata, usesClassicProtocol } from './consumer-member.ts'

/** A ConsumerGroupHeartbeat; what is undefined has not changed since the last one. */
export interface ConsumerHeartbeat {
  readonly memberId: string
  readonly memberEpoch: number
  readonly instanceId: string | undefined
  readonly rackId: string | undefined
  readonly rebalanceTimeoutMs: number | undefined
  readonly subscribedTopicNames: readonly string[] | undefined
  readonly subscribedTopicRegex: string | undefined
  readonly serverAssignor: string | undefined
  readonly owned: readonly TopicPartitions[] | undefined
  readonly clientId: string
  readonly clientHost: string
}

export function metadataAfter(metadata: MemberMetadata, heartbeat: ConsumerHeartbeat): MemberMetadata {
  return {
    instanceId: heartbeat.instanceId ?? metadata.instanceId,
    rackId: heartbeat.rackId ?? metadata.rackId,
    clientId: heartbeat.clientId,
    clientHost: heartbeat.clientHost,
    subscribedTopicNames: [...(heartbeat.subscribedTopicNames ?? metadata.subscribedTopicNames)].sort(),
    subscribedTopicRegex: heartbeat.subscribedTopicRegex ?? metadata.subscribedTopicRegex,
    rebalanceTimeoutMs: heartbeat.rebalanceTimeoutMs ?? metadata.rebalanceTimeoutMs,
    serverAssignor: heartbeat.serverAssignor ?? metadata.serverAssignor,
    classicMemberMetadata: null,
  }
}

/** Sent when joining, and after any trouble: a member that says everything wants to be told everything. */
export function isFullRequest(heartbeat: ConsumerHeartbeat): boolean {
  const { rebalanceTimeoutMs, subscribedTopicNames, subscribedTopicRegex, owned } = heartbeat
  const isSubscribing = subscribedTopicNames !== undefined || subscribedTopicRegex !== undefined
  return rebalanceTimeoutMs !== undefined && isSubscribing && owned !== undefined
}

/** An earlier epoch is that of a member which missed our last answer, if it owns nothing that it has not. */
export function requireEpoch(member: ConsumerMember, { memberEpoch, owned }: ConsumerHeartbeat): void {
  if (memberEpoch === member.memberEpoch || usesClassicProtocol(member)) return
  const isLast = memberEpoch === member.previousMemberEpoch && memberEpoch < member.memberEpoch
  if (isLast && owned !== undefined && ownsOnly(owned, member.assigned)) return
  const relation = memberEpoch > member.memberEpoch ? 'greater' : 'smaller'
  throw new KafkaError(
    errorCodes.FENCED_MEMBER_EPOCH,
    `Member epoch ${memberEpoch} is ${relation} than ${member.memberEpoch}, which the coordinator knows. ` +
      'The member must give up all its partitions and join again.',
  )
}

function ownsOnly(owned: readonly TopicPartitions[], assigned: EpochAssignment): boolean {
  return owned.every(({ topicId, partitions }) =>
    partitions.every((partition) => assigned.get(topicId)?.has(partition)),
  )
}

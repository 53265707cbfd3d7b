import { randomUUID } from 'node:crypto'
import { heartbeatFailure } from '../../group/consumer/consumer-groups.ts'
import type { ConsumerHeartbeat } from '../../group/consumer/consumer-heartbeat.ts'
import { leaveEpoch, leftForNowEpoch } from '../../group/consumer/consumer-member.ts'
import { topicRegexProblem } from '../../group/consumer/topic-regex.ts'
import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type ConsumerGroupHeartbeatRequest,
  consumerGroupHeartbeat,
} from '../../protocol/messages/68-consumer-group-heartbeat.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/*
 * Versions 0-1. Apache Kafka matches a regular expression that is new to the group after its answer; here the first answer
 * knows the topics.
 */

export function consumerGroupHeartbeatHandler(groups: GroupCoordinator): Handler {
  return handler(consumerGroupHeartbeat, (request, context) => {
    const { access } = context
    if (!access.allows('read', 'group', request.groupId)) return heartbeatFailure(errorCodes.GROUP_AUTHORIZATION_FAILED)
    if (request.subscribedTopicNames?.some((topic) => !access.allows('describe', 'topic', topic))) {
      return heartbeatFailure(errorCodes.TOPIC_AUTHORIZATION_FAILED)
    }
    const problem = findProblem(request, context.apiVersion, groups.consumerAssignors)
    if (problem !== undefined) return heartbeatFailure(problem.code, problem.message)
    const partition = groups.route(request.groupId)
    if (typeof partition === 'number') return heartbeatFailure(partition)
    return partition.consumer.heartbeat(request.groupId, heartbeatOf(request, context))
  })
}

function heartbeatOf(request: ConsumerGroupHeartbeatRequest, context: RequestContext): ConsumerHeartbeat {
  return {
    // Before v1 the coordinator made the ids.
    memberId: request.memberId === '' ? randomUUID() : request.memberId,
    memberEpoch: request.memberEpoch,
    instanceId: request.instanceId ?? undefined,
    rackId: request.rackId ?? undefined,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs === -1 ? undefined : request.rebalanceTimeoutMs,
    subscribedTopicNames: request.subscribedTopicNames ?? undefined,
    subscribedTopicRegex: request.subscribedTopicRegex ?? undefined,
    serverAssignor: request.serverAssignor ?? undefined,
    owned: request.topicPartitions ?? undefined,
    clientId: context.clientId ?? '',
    // As Java prints an address, which is what Kafka's tools show.
    clientHost: `/${context.clientHost}`,
  }
}

function findProblem(
  request: ConsumerGroupHeartbeatRequest,
  apiVersion: number,
  assignors: readonly string[],
): KafkaError | undefined {
  const { memberEpoch, memberId, serverAssignor, subscribedTopicRegex: regex } = request
  const isMember = memberEpoch > 0 || memberEpoch === leaveEpoch || apiVersion >= 1
  if (isMember && memberId.trim() === '') return invalid('MemberId cannot be empty.')
  if (request.groupId.trim() === '') return invalid('GroupId cannot be empty.')
  if (request.instanceId?.trim() === '') return invalid('InstanceId cannot be empty.')
  if (request.rackId?.trim() === '') return invalid('RackId cannot be empty.')
  const problem = memberEpoch === 0 ? joinProblem(request) : epochProblem(request)
  if (problem !== undefined) return invalid(problem)
  if (serverAssignor !== null && !assignors.includes(serverAssignor)) {
    const message = `ServerAssignor ${serverAssignor} is not supported. Supported assignors: ${assignors.join(', ')}.`
    return new KafkaError(errorCodes.UNSUPPORTED_ASSIGNOR, message)
  }
  const regexProblem = regex === null || regex === '' ? undefined : topicRegexProblem(regex)
  if (regexProblem === undefined) return undefined
  const message = `SubscribedTopicRegex \`${regex}\` is not a valid regular expression: ${regexProblem}.`
  return new KafkaError(errorCodes.INVALID_REGULAR_EXPRESSION, message)
}

function joinProblem(request: ConsumerGroupHeartbeatRequest): string | undefined {
  if (request.rebalanceTimeoutMs === -1) return 'RebalanceTimeoutMs must be provided in first request.'
  if (request.topicPartitions === null || request.topicPartitions.length > 0) {
    return 'TopicPartitions must be empty when (re-)joining.'
  }
  // A member may read nothing, but it must say so.
  if (request.subscribedTopicNames === null && request.subscribedTopicRegex === null) {
    return 'Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.'
  }
  return undefined
}

function epochProblem({ memberEpoch, instanceId }: ConsumerGroupHeartbeatRequest): string | undefined {
  if (memberEpoch === leftForNowEpoch && instanceId === null) return 'InstanceId cannot be null.'
  return memberEpoch < leftForNowEpoch
    ? `MemberEpoch is ${memberEpoch}, but must be greater than or equal to -2.`
    : undefined
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}

import { randomUUID } from 'node:crypto'
import { joinFailure } from '../../group/classic/classic-answer.ts'
import type { GroupProtocol } from '../../group/classic/classic-members.ts'
import type { GroupCoordinator } from '../../group/coordinator.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type JoinGroupRequest, type JoinGroupResponseBody, joinGroup } from '../../protocol/messages/11-join-group.ts'
import { type Handler, handler, type RequestContext } from '../handler.ts'

/*
 * Versions 0-9. The answer comes when the group's next generation begins. Two differences from Apache Kafka: of two joins
 * of one member the older is ended with REBALANCE_IN_PROGRESS, not left without an answer; and a rebalance goes on at once
 * when the only one it waited for is turned away from a full group, not after the rebalance timeout.
 */

export function joinGroupHandler(groups: GroupCoordinator): Handler {
  return handler(joinGroup, async (request, context) => {
    const response = await join(groups, request, context)
    // Before v7 the name could not be null.
    return context.apiVersion < 7 ? { ...response, protocolName: response.protocolName ?? '' } : response
  })
}

async function join(
  groups: GroupCoordinator,
  request: JoinGroupRequest,
  { apiVersion, clientId, clientHost, access }: RequestContext,
): Promise<JoinGroupResponseBody> {
  const { groupId, memberId, groupInstanceId, sessionTimeoutMs } = request
  if (!access.allows('read', 'group', groupId)) return joinFailure(memberId, errorCodes.GROUP_AUTHORIZATION_FAILED)
  const partition = groups.routeMember(groupId)
  if (partition === errorCodes.INVALID_GROUP_ID) return joinFailure(memberId, partition)
  const { groupMinSessionTimeoutMs, groupMaxSessionTimeoutMs } = groups.settings
  if (sessionTimeoutMs < groupMinSessionTimeoutMs || sessionTimeoutMs > groupMaxSessionTimeoutMs) {
    return joinFailure(memberId, errorCodes.INVALID_SESSION_TIMEOUT)
  }
  if (typeof partition === 'number') return joinFailure(memberId, partition)
  return partition.classic.join(groupId, {
    memberId,
    newMemberId: `${groupInstanceId ?? clientId ?? ''}-${randomUUID()}`,
    groupInstanceId,
    clientId: clientId ?? '',
    // As Java prints an address, which is what Kafka's tools show.
    clientHost: `/${clientHost}`,
    protocolType: request.protocolType,
    protocols: keepProtocols(request.protocols),
    sessionTimeoutMs,
    rebalanceTimeoutMs: apiVersion === 0 ? sessionTimeoutMs : request.rebalanceTimeoutMs,
    requiresKnownMemberId: apiVersion >= 4,
    canSkipAssignment: apiVersion >= 9,
  })
}

/** The request's buffers are views of a frame that must not live as long as the member. A name counts once. */
function keepProtocols(protocols: readonly GroupProtocol[]): GroupProtocol[] {
  const kept = new Map<string, GroupProtocol>()
  for (const { name, metadata } of protocols) {
    if (!kept.has(name)) kept.set(name, { name, metadata: Buffer.from(metadata) })
  }
  return [...kept.values()]
}

import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { type ListGroupsResponse, listGroups } from '../../kafka/operations/list-groups.ts'
import type { GroupState } from '../snapshot.ts'
import type { ClusterState, GroupTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

/** A coordinator that moves lists its groups nowhere for a moment: a group is gone when it stays away this long. */
const forgetGroupAfterMs = 30_000

/** Which groups there are, in which state. Each broker lists those that it coordinates, so no coordinator is looked up. */
export async function collectGroups(
  connection: ClusterConnection,
  state: ClusterState,
  nowMs: () => number,
): Promise<void> {
  const outcome = new PartOutcome()
  await Promise.all(
    connection.brokerIds.map(async (brokerId) => {
      try {
        const response = await connection.sendTo(brokerId, listGroups, null)
        if (response.errorCode !== 0) return outcome.failItem(response.errorCode)
        outcome.succeed()
        for (const group of response.groups) updateGroup(state, brokerId, group, nowMs())
      } catch (error) {
        outcome.fail(failureOf(error))
      }
    }),
  )
  outcome.report(state.parts, 'groups', nowMs())
  forgetGroups(state, nowMs())
}

function updateGroup(
  state: ClusterState,
  coordinator: number,
  listed: ListGroupsResponse['groups'][number],
  atMs: number,
): void {
  const type = groupTypeOf(listed.groupType)
  const known = state.groups.get(listed.groupId)
  if (known !== undefined) {
    known.state = listed.groupState
    known.protocolType = listed.protocolType
    known.coordinator = coordinator
    known.listedAtMs = atMs
    known.type = type
    known.problem = null
    return
  }
  state.groups.set(listed.groupId, createGroupTrack(listed, type, coordinator, atMs))
}

function createGroupTrack(
  { groupId, groupState, protocolType }: ListGroupsResponse['groups'][number],
  type: GroupState['type'],
  coordinator: number,
  listedAtMs: number,
): GroupTrack {
  return {
    id: groupId,
    type,
    state: groupState,
    protocolType,
    protocol: null,
    coordinator,
    listedAtMs,
    describedState: null,
    members: null,
    memberlessSinceMs: null,
    positions: new Map(),
    positionCount: 0,
    problem: null,
    progress: 'unknown',
    progressSinceMs: null,
  }
}

/** Brokers before 3.8 name no type: all they have is classic. */
function groupTypeOf(listed: string | undefined): GroupState['type'] {
  switch (listed?.toLowerCase()) {
    case undefined:
    case '':
    case 'classic':
      return 'classic'
    case 'consumer':
      return 'consumer'
    case 'share':
      return 'share'
    case 'streams':
      return 'streams'
    default:
      return 'unknown'
  }
}

function forgetGroups(state: ClusterState, atMs: number): void {
  if (state.parts.hasProblem('groups')) return
  for (const group of state.groups.values()) {
    if (atMs - group.listedAtMs > forgetGroupAfterMs) state.groups.delete(group.id)
  }
}

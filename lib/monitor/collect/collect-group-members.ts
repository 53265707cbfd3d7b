import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { decodeAssignment } from '../../kafka/decode-assignment.ts'
import { kafkaErrorName } from '../../kafka/kafka-error.ts'
import { describeConsumerGroups } from '../../kafka/operations/describe-consumer-groups.ts'
import { describeGroups } from '../../kafka/operations/describe-groups.ts'
import type { GroupMemberState } from '../snapshot.ts'
import { batchByCoordinator } from './batch-by-coordinator.ts'
import type { ClusterState, GroupTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

const groupsPerRequest = 100

/** Members and assignments: of all groups, or only of those that are new or changed their state since they were read. */
export async function collectGroupMembers(
  connection: ClusterConnection,
  state: ClusterState,
  options: { nowMs: () => number; isOnlyChanged: boolean },
): Promise<void> {
  const outcome = new PartOutcome()
  const wanted = [...state.groups.values()].filter(
    (group) => !options.isOnlyChanged || group.describedState !== group.state,
  )
  const batch = (type: GroupTrack['type']) =>
    batchByCoordinator(
      wanted.filter((group) => group.type === type),
      groupsPerRequest,
    )
  await Promise.all([
    ...batch('classic').map((groups) => isolate(outcome, () => describeClassic(connection, state, groups, outcome))),
    ...batch('consumer').map((groups) => isolate(outcome, () => describeConsumer(connection, state, groups, outcome))),
  ])
  if (!options.isOnlyChanged || outcome.hasFailed) outcome.report(state.parts, 'groupMembers', options.nowMs())
}

async function isolate(outcome: PartOutcome, describe: () => Promise<void>): Promise<void> {
  try {
    await describe()
    outcome.succeed()
  } catch (error) {
    outcome.fail(failureOf(error))
  }
}

interface CoordinatorBatch {
  readonly coordinator: number
  readonly groups: readonly string[]
}

async function describeClassic(
  connection: ClusterConnection,
  state: ClusterState,
  { coordinator, groups }: CoordinatorBatch,
  outcome: PartOutcome,
): Promise<void> {
  const response = await connection.sendTo(coordinator, describeGroups, { groups })
  for (const described of response.groups) {
    const group = state.groups.get(described.groupId)
    if (group === undefined || isFailed(described.errorCode, group, outcome)) continue
    group.describedState = group.state
    group.protocol = described.protocolData === '' ? null : described.protocolData
    group.members = described.members.map((member): GroupMemberState => {
      const assigned = described.protocolType === 'consumer' ? decodeAssignment(member.memberAssignment) : undefined
      return {
        memberId: member.memberId,
        instanceId: member.groupInstanceId ?? null,
        clientId: member.clientId,
        clientHost: withoutSlash(member.clientHost),
        assignments: assigned ?? new Map(),
      }
    })
  }
}

async function describeConsumer(
  connection: ClusterConnection,
  state: ClusterState,
  { coordinator, groups }: CoordinatorBatch,
  outcome: PartOutcome,
): Promise<void> {
  const response = await connection.sendTo(coordinator, describeConsumerGroups, { groups })
  for (const described of response.groups) {
    const group = state.groups.get(described.id)
    if (group === undefined || isFailed(described.errorCode, group, outcome)) continue
    group.describedState = group.state
    group.protocol = described.assignor
    group.members = described.members.map(
      (member): GroupMemberState => ({
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: withoutSlash(member.clientHost),
        assignments: new Map(member.assignments.map(({ topic, partitions }) => [topic, partitions])),
      }),
    )
  }
}

function isFailed(errorCode: number, group: GroupTrack, outcome: PartOutcome): boolean {
  if (errorCode === 0) return false
  group.problem = kafkaErrorName(errorCode)
  outcome.failItem(errorCode)
  return true
}

/** Java prints an address as `/127.0.0.1`. */
function withoutSlash(host: string): string {
  return host.startsWith('/') ? host.slice(1) : host
}

import type { ChangeRow } from '../../contract/change.ts'
import type { AttentionItem } from '../../contract/cluster.ts'
import { bySlowest } from '../../domain/cluster-verdict.ts'
import { healthOfProgress } from '../../domain/group-progress.ts'
import type { ReplicationSummary } from '../../domain/replication-summary.ts'
import type { GroupState } from '../snapshot.ts'
import type { ClusterView } from './cluster-view.ts'

const groupsMax = 10
/** A change is seen at a tick, its consequence at the same or the next: this much later it still counts as before. */
const beforeToleranceMs = 15_000

/** What needs a person, worst first. */
export function attentionItems(
  view: ClusterView,
  replication: ReplicationSummary,
  changes: readonly ChangeRow[],
): AttentionItem[] {
  return [
    ...staleItems(view),
    ...replicationItems(replication, changes),
    ...brokerItems(view, replication, changes),
    ...groupItems(view, changes),
  ]
}

function staleItems({ summary }: ClusterView): AttentionItem[] {
  if (summary.status === 'fresh' || summary.status === 'starting') return []
  return [
    {
      id: 'collectorStale',
      health: 'unknown',
      code: 'collectorStale',
      params: summary.problem === null ? {} : { problem: summary.problem },
      sinceMs: summary.asOfMs,
      before: null,
      subject: { kind: 'cluster', id: summary.id },
    },
  ]
}

function replicationItems(replication: ReplicationSummary, changes: readonly ChangeRow[]): AttentionItem[] {
  const { offline, belowMinIsr, underReplicated, sinceMs } = replication
  const items: AttentionItem[] = []
  const add = (code: AttentionItem['code'], health: AttentionItem['health'], partitions: number | null) => {
    if (partitions === null || partitions === 0) return
    const [topic] = replication.topics
    const [broker] = replication.missingBrokers
    const isOneBroker = replication.missingBrokers.length === 1
    items.push({
      id: code,
      health,
      code,
      params: {
        partitions,
        topics: replication.topics.length,
        ...(replication.topics.length === 1 && topic !== undefined ? { topic } : {}),
        brokers: replication.missingBrokers.join(', '),
      },
      sinceMs,
      before: lastBefore(changes, sinceMs, isBrokerChange),
      subject: isOneBroker && broker !== undefined ? { kind: 'broker', id: `${broker}` } : { kind: 'cluster', id: '' },
    })
  }
  add('offlinePartitions', 'critical', offline)
  add('underMinIsr', 'critical', belowMinIsr)
  add('underReplicated', 'atRisk', underReplicated)
  return items
}

/** Brokers whose absence no replica shows, and those that are the reason for what replicas show. */
function brokerItems(
  { snapshot }: ClusterView,
  replication: ReplicationSummary,
  changes: readonly ChangeRow[],
): AttentionItem[] {
  return [...snapshot.brokers.values()]
    .filter(({ id, isOnline }) => !isOnline && !replication.missingBrokers.includes(id))
    .map(({ id, stateSinceMs }) => ({
      id: `brokerDown/${id}`,
      health: 'atRisk',
      code: 'brokerDown',
      params: {},
      sinceMs: stateSinceMs,
      before: lastBefore(changes, stateSinceMs, ({ code }) => code === 'controllerMoved'),
      subject: { kind: 'broker', id: `${id}` },
    }))
}

function groupItems({ snapshot }: ClusterView, changes: readonly ChangeRow[]): AttentionItem[] {
  return [...snapshot.groups.values()]
    .filter(({ progress }) => ['critical', 'atRisk'].includes(healthOfProgress(progress)))
    .sort(bySlowest)
    .slice(0, groupsMax)
    .map((group) => ({
      id: `group/${group.id}`,
      health: healthOfProgress(group.progress),
      code: codeOfProgress(group.progress),
      params: groupParams(group),
      sinceMs: group.progressSinceMs,
      before: lastBefore(
        changes,
        group.progressSinceMs,
        ({ subject }) => subject.kind === 'group' && subject.id === group.id,
      ),
      subject: { kind: 'group', id: group.id },
    }))
}

function codeOfProgress(progress: GroupState['progress']): AttentionItem['code'] {
  if (progress === 'stuck') return 'groupStuck'
  return progress === 'stopped' ? 'groupStopped' : 'groupBehind'
}

function groupParams(group: GroupState): Record<string, number> {
  const stuck = group.partitions.filter(({ progress }) => progress === 'stuck').length
  return {
    ...(group.lagRecords === null ? {} : { lagRecords: group.lagRecords }),
    ...(group.lagMs === null ? {} : { lagSeconds: group.lagMs / 1000 }),
    ...(stuck === 0 ? {} : { partitions: stuck }),
  }
}

function isBrokerChange({ code }: ChangeRow): boolean {
  return code === 'brokerDown' || code === 'brokerProcessRestarted'
}

/** `changes` are newest first. */
function lastBefore(
  changes: readonly ChangeRow[],
  sinceMs: number | null,
  matches: (change: ChangeRow) => boolean,
): ChangeRow | null {
  if (sinceMs === null) return null
  return changes.find((change) => change.atMs <= sinceMs + beforeToleranceMs && matches(change)) ?? null
}

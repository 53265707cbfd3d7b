import type { ChangeRow } from '../../contract/change.ts'
import type { ClusterSummary, Overview } from '../../contract/cluster.ts'
import type { ClusterVerdict } from '../../contract/verdict.ts'
import { bySlowest, computeClusterVerdict } from '../../domain/cluster-verdict.ts'
import { isUnderReplicated } from '../../domain/partition-health.ts'
import { maxKnown, sumKnown } from '../../domain/rate.ts'
import { type ReplicationSummary, summariseReplication } from '../../domain/replication-summary.ts'
import type { ClusterSnapshot } from '../snapshot.ts'
import { attentionItems } from './attention.ts'
import { brokerRows } from './brokers-document.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'
import { groupRow } from './groups-document.ts'
import { topicRow } from './topics-document.ts'

const slowestGroupsMax = 5
const busiestTopicsMax = 5
const recentChangesMax = 10

export interface OverviewInput {
  /** Newest first. */
  readonly changes: readonly ChangeRow[]
  readonly openAlerts: number
}

export function overviewDocument(view: ClusterView, { changes, openAlerts }: OverviewInput): Overview {
  const { snapshot, summary } = view
  const replication = summariseReplication(snapshot.topics.values())
  const groups = [...snapshot.groups.values()]
  return {
    cluster: summary,
    verdict: verdictOf(view, replication),
    attention: attentionItems(view, replication, changes),
    controllerId: snapshot.controller?.id ?? null,
    counts: countsOf(snapshot, replication, openAlerts),
    ...totalsOf(snapshot),
    lagRecords: sumKnown(groups.map(({ lagRecords }) => lagRecords)),
    lagSecondsMax: inSeconds(maxKnown(groups.map(({ lagMs }) => lagMs))),
    brokers: brokerRows(view),
    slowestGroups: groups
      .filter(({ lagRecords }) => (lagRecords ?? 0) > 0)
      .sort(bySlowest)
      .slice(0, slowestGroupsMax)
      .map(groupRow),
    busiestTopics: busiestTopics(view),
    recentChanges: changes.slice(0, recentChangesMax),
    parts: partsOf(snapshot, 'metadata', 'endOffsets', 'committedOffsets', 'groups', 'logDirs', 'quorum', 'configs'),
    round: { ...snapshot.cost },
  }
}

/** Before the first round. */
export function emptyOverview(cluster: ClusterSummary): Overview {
  const reason = cluster.problem ?? ''
  return {
    cluster,
    verdict:
      cluster.status === 'unreachable'
        ? { code: 'unreachable', health: 'unknown', reason, sinceMs: null }
        : { code: 'starting', health: 'unknown' },
    attention: [],
    controllerId: null,
    counts: {
      brokersOnline: 0,
      brokersExpected: 0,
      topics: 0,
      userTopics: 0,
      partitions: 0,
      underReplicated: 0,
      underMinIsr: null,
      offline: 0,
      groups: null,
      openAlerts: 0,
    },
    recordsInPerSecond: null,
    bytesInPerSecond: null,
    lagRecords: null,
    lagSecondsMax: null,
    brokers: [],
    slowestGroups: [],
    busiestTopics: [],
    recentChanges: [],
    parts: {},
    round: null,
  }
}

function verdictOf({ summary, snapshot }: ClusterView, replication: ReplicationSummary): ClusterVerdict {
  const problem = snapshot.parts.metadata.problem
  if (summary.status === 'unreachable') {
    const reason = summary.problem ?? 'No broker answers.'
    return { code: 'unreachable', health: 'unknown', reason, sinceMs: problem?.sinceMs ?? summary.asOfMs }
  }
  return computeClusterVerdict({
    replication,
    brokers: [...snapshot.brokers.values()],
    groups: snapshot.parts.groups.asOfMs === null ? null : [...snapshot.groups.values()],
  })
}

function countsOf(snapshot: ClusterSnapshot, replication: ReplicationSummary, openAlerts: number): Overview['counts'] {
  const brokers = [...snapshot.brokers.values()]
  let underReplicated = 0
  for (const { partitions } of snapshot.topics.values()) underReplicated += partitions.filter(isUnderReplicated).length
  return {
    brokersOnline: brokers.filter(({ isOnline }) => isOnline).length,
    brokersExpected: brokers.length,
    topics: snapshot.topics.size,
    userTopics: [...snapshot.topics.values()].filter(({ isInternal }) => !isInternal).length,
    partitions: replication.partitions,
    underReplicated,
    underMinIsr: replication.belowMinIsr,
    offline: replication.offline,
    groups: snapshot.parts.groups.asOfMs === null ? null : snapshot.groups.size,
    openAlerts,
  }
}

function totalsOf(snapshot: ClusterSnapshot): Pick<Overview, 'recordsInPerSecond' | 'bytesInPerSecond'> {
  const partitions = [...snapshot.topics.values()].flatMap((topic) => topic.partitions)
  return {
    recordsInPerSecond: sumKnown(partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)),
    bytesInPerSecond: sumKnown(partitions.map(({ bytesInPerSecond }) => bytesInPerSecond)),
  }
}

function busiestTopics(view: ClusterView): Overview['busiestTopics'] {
  const rateOf = (topic: { partitions: readonly { recordsInPerSecond: number | null }[] }) =>
    sumKnown(topic.partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)) ?? 0
  return [...view.snapshot.topics.values()]
    .filter(({ isInternal }) => !isInternal)
    .map((topic) => ({ topic, rate: rateOf(topic) }))
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, busiestTopicsMax)
    .map(({ topic }) => topicRow(view, topic))
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}

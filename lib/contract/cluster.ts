import { z } from 'zod'
import { brokerRow } from './broker.ts'
import { changeRow } from './change.ts'
import { groupRow } from './group.ts'
import { part } from './part.ts'
import { brokerId, clusterId, health, instantMs } from './scalars.ts'
import { topicRow } from './topic.ts'
import { clusterVerdict } from './verdict.ts'

export const clusterSummary = z.object({
  id: clusterId,
  name: z.string(),
  kind: z.enum(['embedded', 'external']),
  kafkaClusterId: z.string().nullable(),
  bootstrap: z.string(),
  /** `starting` until the first round is complete; `stale` when the last complete round is older than three ticks. */
  status: z.enum(['starting', 'fresh', 'stale', 'unreachable']),
  asOfMs: instantMs.nullable(),
  tickMs: z.number().int(),
  problem: z.string().nullable(),
})
export type ClusterSummary = z.infer<typeof clusterSummary>

/** One line of "Needs attention": what, since when, what happened just before, where to go. */
export const attentionItem = z.object({
  id: z.string(),
  health,
  code: z.enum([
    'offlinePartitions',
    'underMinIsr',
    'underReplicated',
    'brokerDown',
    'groupBehind',
    'groupStuck',
    'groupStopped',
    'collectorStale',
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  sinceMs: instantMs.nullable(),
  before: changeRow.nullable(),
  subject: z.object({ kind: z.enum(['cluster', 'broker', 'topic', 'group']), id: z.string() }),
})
export type AttentionItem = z.infer<typeof attentionItem>

export const overview = z.object({
  cluster: clusterSummary,
  verdict: clusterVerdict,
  attention: z.array(attentionItem),
  controllerId: brokerId.nullable(),
  counts: z.object({
    brokersOnline: z.number().int(),
    brokersExpected: z.number().int(),
    topics: z.number().int(),
    /** Those that are not Kafka's own. */
    userTopics: z.number().int(),
    partitions: z.number().int(),
    underReplicated: z.number().int(),
    underMinIsr: z.number().int().nullable(),
    offline: z.number().int(),
    groups: z.number().int().nullable(),
    openAlerts: z.number().int(),
  }),
  recordsInPerSecond: z.number().nullable(),
  bytesInPerSecond: z.number().nullable(),
  lagRecords: z.number().nullable(),
  lagSecondsMax: z.number().nullable(),
  brokers: z.array(brokerRow),
  slowestGroups: z.array(groupRow),
  busiestTopics: z.array(topicRow),
  recentChanges: z.array(changeRow),
  parts: z.record(z.string(), part),
  /** What the last round cost: requests sent, bytes both ways, wall time. */
  round: z
    .object({ requests: z.number().int(), bytesIn: z.number(), bytesOut: z.number(), durationMs: z.number() })
    .nullable(),
})
export type Overview = z.infer<typeof overview>

import { z } from 'zod'
import { brokerId, health, instantMs } from './scalars.ts'

/**
 * Verdicts are codes and parameters made by pure rules in `lib/domain`; `lib/format` makes the sentence. The page, the
 * alert and the API use the same one.
 */
export const clusterVerdict = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('allWell'),
    health,
    brokers: z.number().int(),
    partitions: z.number().int(),
    groups: z.number().int().nullable(),
    groupsKeepingUp: z.number().int().nullable(),
    slowestGroup: z.string().nullable(),
    slowestSeconds: z.number().nullable(),
  }),
  z.object({
    code: z.literal('replicasMissing'),
    health,
    offline: z.number().int(),
    underReplicated: z.number().int(),
    topics: z.number().int(),
    /** Partitions that refuse `acks=all` writes now, and that would with one more broker down. */
    belowMinIsr: z.number().int().nullable(),
    atMinIsr: z.number().int().nullable(),
    brokersDown: z.array(brokerId),
    sinceMs: instantMs.nullable(),
  }),
  z.object({
    code: z.literal('groupsBehind'),
    health,
    groups: z.number().int(),
    /** Those of them that nobody reads for. */
    stopped: z.number().int(),
    worstGroup: z.string(),
    lagRecords: z.number().nullable(),
    lagSeconds: z.number().nullable(),
  }),
  z.object({ code: z.literal('brokersDown'), health, brokersDown: z.array(brokerId), sinceMs: instantMs.nullable() }),
  z.object({ code: z.literal('unreachable'), health, reason: z.string(), sinceMs: instantMs.nullable() }),
  z.object({ code: z.literal('starting'), health }),
])
export type ClusterVerdict = z.infer<typeof clusterVerdict>

export const topicVerdict = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('inSync'),
    health,
    partitions: z.number().int(),
    replicationFactor: z.number().int(),
    recordsInPerSecond: z.number().nullable(),
  }),
  z.object({
    code: z.literal('replicasMissing'),
    health,
    partitions: z.number().int(),
    offline: z.number().int(),
    underReplicated: z.number().int(),
    belowMinIsr: z.number().int().nullable(),
    missingBrokers: z.array(brokerId),
    sinceMs: instantMs.nullable(),
  }),
  z.object({ code: z.literal('unknown'), health, reason: z.string() }),
])
export type TopicVerdict = z.infer<typeof topicVerdict>

export const groupVerdict = z.object({
  code: z.enum(['keepingUp', 'catchingUp', 'fallingBehind', 'stuck', 'stopped', 'idle', 'notCommitting', 'unknown']),
  health,
  members: z.number().int().nullable(),
  lagRecords: z.number().nullable(),
  lagSeconds: z.number().nullable(),
  /** Seconds to zero lag at the present rates; `null` when it never drains or is not known. */
  drainSeconds: z.number().nullable(),
  stuckPartitions: z.number().int(),
  partitions: z.number().int(),
  sinceMs: instantMs.nullable(),
})
export type GroupVerdict = z.infer<typeof groupVerdict>

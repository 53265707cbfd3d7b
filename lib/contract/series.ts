import { z } from 'zod'
import { instantMs } from './scalars.ts'

/**
 * A series is one subject of one kind; each kind stores these columns together at each tick. Counters (`end`,
 * `committed`, `sizeBytes` of partitions) are stored as they are, rates are computed when read.
 */
export const seriesKinds = {
  groupPartition: ['committed', 'lag', 'lagMs'],
  partition: ['end', 'logStart', 'inSync'],
  group: ['lag', 'lagMs', 'consumed', 'members'],
  topic: ['recordsIn', 'sizeBytes', 'underReplicated'],
  broker: ['leaders', 'replicas', 'sizeBytes', 'recordsIn'],
  cluster: ['recordsIn', 'bytesIn', 'lag', 'underReplicated', 'offline', 'brokersOnline'],
  process: ['roundMs', 'requests', 'rssBytes', 'cpuMs'],
} as const
export type SeriesKind = keyof typeof seriesKinds
export type SeriesColumn<K extends SeriesKind> = (typeof seriesKinds)[K][number]

export const seriesQuery = z.object({
  kind: z.enum(['groupPartition', 'partition', 'group', 'topic', 'broker', 'cluster', 'process']),
  /** `topic`, `topic/3`, `group`, `group/topic/3`, broker id; percent-encoded parts; empty for the cluster. */
  subject: z.string().max(70_000).default(''),
  column: z.string().max(32),
  fromMs: z.coerce.number().int(),
  toMs: z.coerce.number().int(),
  maxPoints: z.coerce.number().int().min(10).max(1_500).default(600),
})
export type SeriesQuery = z.infer<typeof seriesQuery>

/** Columnar; `null` is a gap (no sample), never zero. `values` is the mean of a step, with its minimum and maximum. */
export const seriesAnswer = z.object({
  kind: z.string(),
  subject: z.string(),
  column: z.string(),
  unit: z.enum(['records', 'recordsPerSecond', 'bytes', 'bytesPerSecond', 'milliseconds', 'count']),
  fromMs: instantMs,
  stepMs: z.number().int(),
  values: z.array(z.number().nullable()),
  minima: z.array(z.number().nullable()),
  maxima: z.array(z.number().nullable()),
})
export type SeriesAnswer = z.infer<typeof seriesAnswer>

import { z } from 'zod'
import { instantMs, offset } from './scalars.ts'

/** Bytes as they are (base64) and what they look like; the screen chooses text, JSON or hex. */
export const recordBytes = z.object({
  base64: z.string(),
  sizeBytes: z.number().int(),
  isTruncated: z.boolean(),
  looksLike: z.enum(['empty', 'json', 'text', 'binary']),
})
export type RecordBytes = z.infer<typeof recordBytes>

export const kafkaRecord = z.object({
  partition: z.number().int(),
  offset,
  timestampMs: z.number().nullable(),
  timestampType: z.enum(['create', 'logAppend']),
  key: recordBytes.nullable(),
  value: recordBytes.nullable(),
  headers: z.array(z.object({ key: z.string(), value: recordBytes.nullable() })),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']),
})
export type KafkaRecord = z.infer<typeof kafkaRecord>

export const recordsQuery = z.object({
  /** Absent: all partitions. */
  partition: z.coerce.number().int().min(0).optional(),
  from: z.enum(['newest', 'oldest', 'offset', 'time']).default('newest'),
  offset: offset.optional(),
  timestampMs: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
})
export type RecordsQuery = z.infer<typeof recordsQuery>

export const recordsPage = z.object({
  records: z.array(kafkaRecord),
  partitions: z.array(
    z.object({
      partition: z.number().int(),
      logStartOffset: offset.nullable(),
      endOffset: offset.nullable(),
      problem: z.string().nullable(),
    }),
  ),
  readAtMs: instantMs,
})
export type RecordsPage = z.infer<typeof recordsPage>

import { z } from 'zod'

/**
 * Positions in a log are int64 in Kafka and decimal strings in JSON. Quantities derived from them (lag, counts, bytes,
 * rates) are numbers, exact below 2^53.
 */
export const offset = z.string().regex(/^-?\d{1,19}$/)

/** Milliseconds since the epoch. */
export const instantMs = z.number().int().nonnegative()

export const clusterId = z.string().min(1).max(64)
export const brokerId = z.number().int()
export const topicName = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[a-zA-Z0-9._-]+$/)
export const groupId = z.string().max(65_535)

/** `ok` green, `atRisk` amber, `critical` red (losing data or not available now), `unknown` grey. */
export const health = z.enum(['ok', 'atRisk', 'critical', 'unknown'])
export type Health = z.infer<typeof health>

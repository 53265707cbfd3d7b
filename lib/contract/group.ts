import { z } from 'zod'
import { part } from './part.ts'
import { brokerId, groupId, health, instantMs, offset } from './scalars.ts'
import { groupVerdict } from './verdict.ts'

export const groupProgress = z.enum([
  'keepingUp',
  'catchingUp',
  'fallingBehind',
  'stuck',
  'stopped',
  'idle',
  'notCommitting',
  'unknown',
])
export type GroupProgress = z.infer<typeof groupProgress>

export const groupRow = z.object({
  id: groupId,
  type: z.enum(['classic', 'consumer', 'share', 'streams', 'unknown']),
  state: z.string(),
  health,
  progress: groupProgress,
  members: z.number().int().nullable(),
  topics: z.array(z.string()),
  partitions: z.number().int(),
  /** `null` while nothing was committed or the end offsets are not known. */
  lagRecords: z.number().nullable(),
  /** Age of the oldest unread record of the slowest partition; `lagSecondsIsLowerBound` when our history is too short. */
  lagSeconds: z.number().nullable(),
  lagSecondsIsLowerBound: z.boolean(),
  consumedPerSecond: z.number().nullable(),
  coordinator: brokerId.nullable(),
  problem: z.string().nullable(),
})
export type GroupRow = z.infer<typeof groupRow>

export const groupsList = z.object({ groups: z.array(groupRow), parts: z.record(z.string(), part) })
export type GroupsList = z.infer<typeof groupsList>

export const groupPartitionRow = z.object({
  topic: z.string(),
  partition: z.number().int(),
  committedOffset: offset.nullable(),
  logStartOffset: offset.nullable(),
  endOffset: offset.nullable(),
  lagRecords: z.number().nullable(),
  lagSeconds: z.number().nullable(),
  lagSecondsIsLowerBound: z.boolean(),
  consumedPerSecond: z.number().nullable(),
  producedPerSecond: z.number().nullable(),
  progress: groupProgress,
  /** When the committed offset last moved, as far as we saw. */
  lastMovedAtMs: instantMs.nullable(),
  memberId: z.string().nullable(),
})
export type GroupPartitionRow = z.infer<typeof groupPartitionRow>

export const groupMemberRow = z.object({
  memberId: z.string(),
  instanceId: z.string().nullable(),
  clientId: z.string(),
  clientHost: z.string(),
  assignments: z.array(z.object({ topic: z.string(), partitions: z.array(z.number().int()) })),
  lagRecords: z.number().nullable(),
})
export type GroupMemberRow = z.infer<typeof groupMemberRow>

export const groupDetail = z.object({
  group: groupRow,
  verdict: groupVerdict,
  protocol: z.string().nullable(),
  members: z.array(groupMemberRow),
  positions: z.array(groupPartitionRow),
  parts: z.record(z.string(), part),
})
export type GroupDetail = z.infer<typeof groupDetail>

import { z } from 'zod'

/**
 * The socket at `/live`. A channel is the path of the API resource whose document it carries, below `/api/v1/`
 * (`clusters/main/overview`, `clusters/main/topics`, `clusters/main/topics/orders`, `clusters/main/groups/billing`,
 * `clusters/main/brokers`, `clusters/main/alerts`): a snapshot is that document, a delta changes it.
 */
export const liveRequest = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('sub'),
    channel: z.string().max(512),
    epoch: z.string().max(64).optional(),
    seq: z.number().int().optional(),
  }),
  z.object({ t: z.literal('unsub'), channel: z.string().max(512) }),
])
export type LiveRequest = z.infer<typeof liveRequest>

/**
 * `set` replaces top-level properties; `rows` changes keyed tables (see `rowKeys`): rows of `upsert` replace or join
 * those with the same key, keys in `remove` leave.
 */
export const liveDelta = z.object({
  set: z.record(z.string(), z.unknown()),
  rows: z.record(
    z.string(),
    z.object({
      upsert: z.array(z.record(z.string(), z.unknown())),
      remove: z.array(z.union([z.string(), z.number()])),
    }),
  ),
})
export type LiveDelta = z.infer<typeof liveDelta>

export const liveFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('snap'), channel: z.string(), epoch: z.string(), seq: z.number().int(), data: z.unknown() }),
  z.object({ t: z.literal('d'), channel: z.string(), seq: z.number().int(), data: liveDelta }),
  z.object({ t: z.literal('err'), channel: z.string(), code: z.string(), message: z.string() }),
  z.object({ t: z.literal('bye'), retryAfterMs: z.number().int() }),
  /** Nothing new; the connection is alive. */
  z.object({ t: z.literal('beat') }),
])
export type LiveFrame = z.infer<typeof liveFrame>

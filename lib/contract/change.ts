import { z } from 'zod'
import { instantMs } from './scalars.ts'

/** A difference between two snapshots: what changed, from what to what, when we saw it. */
export const changeRow = z.object({
  id: z.string(),
  atMs: instantMs,
  code: z.enum([
    'brokerDown',
    'brokerUp',
    'controllerMoved',
    'topicCreated',
    'topicDeleted',
    'partitionsAdded',
    'leaderMoved',
    'isrShrunk',
    'isrGrown',
    'groupStateChanged',
    'groupMembersChanged',
    'brokerProcessRestarted',
  ]),
  subject: z.object({ kind: z.enum(['cluster', 'broker', 'topic', 'group']), id: z.string() }),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Who made it, when it was made through the console. */
  actor: z.string().nullable(),
})
export type ChangeRow = z.infer<typeof changeRow>

export const changesList = z.object({ changes: z.array(changeRow) })
export type ChangesList = z.infer<typeof changesList>

import type { Queryable } from './queryable.ts'

/**
 * When the next delivery that may be claimed is due or its lease ends; `undefined` when none waits. Those behind an earlier
 * one of their incident, or of a busy channel, come up when that one is done.
 */
export async function findNextDelivery(db: Queryable, busyChannels: readonly string[]): Promise<number | undefined> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select min(greatest(not_before, leased_until)) as at from deliveries
     where status = 'waiting' and channel_id is not null and channel_id <> all ($1::uuid[])
       and not exists (
         select from deliveries earlier
         where earlier.incident_id = deliveries.incident_id and earlier.channel_id = deliveries.channel_id
           and earlier.sequence < deliveries.sequence and earlier.status = 'waiting'
       )`,
    [busyChannels],
  )
  return rows[0]?.at?.getTime()
}

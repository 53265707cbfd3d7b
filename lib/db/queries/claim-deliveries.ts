import type { Queryable } from './queryable.ts'

export interface ClaimedDelivery {
  readonly id: string
  readonly incidentId: string | null
  readonly channelId: string
  readonly url: string
  readonly secret: string | null
  readonly isChannelEnabled: boolean
  readonly kind: string
  readonly payload: unknown
  readonly attempts: number
  readonly createdAtMs: number
  /** An earlier notification of the same incident was given up: there is nothing to follow it up on. */
  readonly isFollowingFailure: boolean
}

/**
 * Takes the next due delivery of each channel that is not busy, and leases it: nobody else takes it before the lease ends,
 * so that a process that dies in between delivers it again. Of one incident and channel the earlier one always goes first.
 */
export async function claimDeliveries(
  db: Queryable,
  options: { nowMs: number; leaseMs: number; busyChannels: readonly string[] },
): Promise<ClaimedDelivery[]> {
  const { rows } = await db.query<ClaimedRow>(
    `update deliveries d
     set attempts = d.attempts + 1, attempted_at = $1, leased_until = $2
     from (
       select due.id, channels.url, channels.secret, channels.is_enabled
       from channels, lateral (
         select deliveries.id from deliveries
         where deliveries.channel_id = channels.id and deliveries.status = 'waiting' and deliveries.not_before <= $1
           and (deliveries.leased_until is null or deliveries.leased_until <= $1)
           and not exists (
             select from deliveries earlier
             where earlier.incident_id = deliveries.incident_id and earlier.channel_id = deliveries.channel_id
               and earlier.sequence < deliveries.sequence and earlier.status = 'waiting'
           )
         order by deliveries.not_before limit 1 for update skip locked
       ) as due
       where channels.id <> all ($3::uuid[])
     ) as claimed
     where d.id = claimed.id
     returning d.id, d.incident_id, d.channel_id, d.kind, d.payload, d.attempts, d.created_at,
       claimed.url, claimed.secret, claimed.is_enabled,
       exists (
         select from deliveries earlier
         where earlier.incident_id = d.incident_id and earlier.channel_id = d.channel_id
           and earlier.sequence < d.sequence and earlier.status = 'failed'
       ) as follows_failure`,
    [new Date(options.nowMs), new Date(options.nowMs + options.leaseMs), options.busyChannels],
  )
  return rows.map((row) => ({
    id: row.id,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    url: row.url,
    secret: row.secret,
    isChannelEnabled: row.is_enabled,
    kind: row.kind,
    payload: row.payload,
    attempts: row.attempts,
    createdAtMs: row.created_at.getTime(),
    isFollowingFailure: row.follows_failure,
  }))
}

interface ClaimedRow {
  readonly id: string
  readonly incident_id: string | null
  readonly channel_id: string
  readonly url: string
  readonly secret: string | null
  readonly is_enabled: boolean
  readonly kind: string
  readonly payload: unknown
  readonly attempts: number
  readonly created_at: Date
  readonly follows_failure: boolean
}

import type { Queryable } from './queryable.ts'

export interface NewSeries {
  readonly subject: string
  readonly identity: string
  readonly nameHash: Buffer
  readonly blockId: number
  readonly slot: number
}

export interface StoredSeries {
  readonly id: number
  readonly clusterId: string
  readonly kind: string
  readonly subject: string
  readonly identity: string
  readonly blockId: number
  readonly slot: number
}

/** Adds series of one cluster and kind. Those that exist keep their place; the answer says where each of them is. */
export async function insertSeries(
  db: Queryable,
  owner: { clusterId: string; kind: string; lastSeen: Date },
  series: readonly NewSeries[],
): Promise<StoredSeries[]> {
  const { rows } = await db.query<{ id: number; subject: string; identity: string; block_id: number; slot: number }>(
    `insert into series (cluster_id, kind, subject, identity, block_id, slot, name_hash, last_seen)
     select $1, $2, subject, identity, block_id, slot, name_hash, $3
     from unnest($4::text[], $5::text[], $6::integer[], $7::smallint[], $8::bytea[])
       as new (subject, identity, block_id, slot, name_hash)
     on conflict (name_hash) do update set last_seen = excluded.last_seen
     returning id, subject, identity, block_id, slot`,
    [
      owner.clusterId,
      owner.kind,
      owner.lastSeen,
      series.map((one) => one.subject),
      series.map((one) => one.identity),
      series.map((one) => one.blockId),
      series.map((one) => one.slot),
      series.map((one) => one.nameHash),
    ],
  )
  return rows.map((row) => ({
    id: row.id,
    clusterId: owner.clusterId,
    kind: owner.kind,
    subject: row.subject,
    identity: row.identity,
    blockId: row.block_id,
    slot: row.slot,
  }))
}

import type { StoredSeries } from './insert-series.ts'
import type { Queryable } from './queryable.ts'

const rowsMax = 1_000_000

/** The whole dictionary, for memory. */
export async function listSeries(db: Queryable): Promise<StoredSeries[]> {
  const { rows } = await db.query<SeriesRow>(
    'select id, cluster_id, kind, subject, identity, block_id, slot from series order by id limit $1',
    [rowsMax],
  )
  return rows.map((row) => ({
    id: row.id,
    clusterId: row.cluster_id,
    kind: row.kind,
    subject: row.subject,
    identity: row.identity,
    blockId: row.block_id,
    slot: row.slot,
  }))
}

interface SeriesRow {
  readonly id: number
  readonly cluster_id: string
  readonly kind: string
  readonly subject: string
  readonly identity: string
  readonly block_id: number
  readonly slot: number
}

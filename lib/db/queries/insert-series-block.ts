import type { Queryable } from './queryable.ts'

/** Makes an empty block for series of one cluster and kind; answers its id. */
export async function insertSeriesBlock(db: Queryable, clusterId: string, kind: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into series_block (cluster_id, kind) values ($1, $2) returning id',
    [clusterId, kind],
  )
  const id = rows[0]?.id
  if (id === undefined) throw new Error('an insert answers the row it made')
  return id
}

import type { Queryable } from './queryable.ts'

export interface StoredHotBlock {
  readonly blockId: number
  readonly tickAtMs: number
  readonly data: Buffer
}

const rowsMax = 1_000_000

/** The blocks of the ticks in [fromMs, toMs), oldest first. */
export async function listHotBlocks(db: Queryable, fromMs: number, toMs: number): Promise<StoredHotBlock[]> {
  const { rows } = await db.query<{ block_id: number; ts: Date; data: Buffer }>(
    'select block_id, ts, data from hot_block where ts >= $1 and ts < $2 order by ts limit $3',
    [new Date(fromMs), new Date(toMs), rowsMax],
  )
  return rows.map((row) => ({ blockId: row.block_id, tickAtMs: row.ts.getTime(), data: row.data }))
}

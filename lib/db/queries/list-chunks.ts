import type { Queryable } from './queryable.ts'

export interface StoredChunk {
  readonly hour: number
  readonly stepMs: number
  readonly encoding: number
  readonly data: Buffer
}

const rowsMax = 20_000

/** The chunks of some series from one hour to another, both included, oldest first. */
export async function listChunks(
  db: Queryable,
  range: { seriesIds: readonly number[]; fromHour: number; toHour: number },
): Promise<StoredChunk[]> {
  const { rows } = await db.query<{ hour: number; step_ms: number; enc: number; data: Buffer }>(
    `select hour, step_ms, enc, data from raw_chunk
     where series_id = any($1::integer[]) and hour between $2 and $3
     order by hour, series_id limit $4`,
    [range.seriesIds, range.fromHour, range.toHour, rowsMax],
  )
  return rows.map((row) => ({ hour: row.hour, stepMs: row.step_ms, encoding: row.enc, data: row.data }))
}

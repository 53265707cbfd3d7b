import type { Queryable } from './queryable.ts'

/** The oldest tick that is still in `hot_block`. */
export async function findOldestHotTick(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ ts: Date | null }>('select min(ts) as ts from hot_block')
  return rows[0]?.ts?.getTime()
}

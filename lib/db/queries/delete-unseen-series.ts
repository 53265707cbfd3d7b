import type { Queryable } from './queryable.ts'

/** Forgets series that had no sample since the day; answers their ids. */
export async function deleteUnseenSeries(db: Queryable, before: Date): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>('delete from series where last_seen < $1 returning id', [before])
  return rows.map((row) => row.id)
}

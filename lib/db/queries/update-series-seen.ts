import type { Queryable } from './queryable.ts'

/** Once a day for each series that still gets samples: the others go when their last chunk does. */
export async function updateSeriesSeen(db: Queryable, seriesIds: readonly number[], day: Date): Promise<void> {
  await db.query('update series set last_seen = $2 where id = any($1::integer[]) and last_seen < $2', [seriesIds, day])
}

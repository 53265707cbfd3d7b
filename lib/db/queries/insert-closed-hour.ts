import type { Queryable } from './queryable.ts'

/** Notes that all chunks of the hour are written. */
export async function insertClosedHour(db: Queryable, hour: number): Promise<void> {
  await db.query('insert into closed_hour (hour) values ($1) on conflict do nothing', [hour])
}

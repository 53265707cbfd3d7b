import type { Queryable } from './queryable.ts'

export async function deleteClosedHours(db: Queryable, beforeHour: number): Promise<void> {
  await db.query('delete from closed_hour where hour < $1', [beforeHour])
}

import type { Queryable } from './queryable.ts'

export async function listClosedHours(db: Queryable, fromHour: number): Promise<Set<number>> {
  const { rows } = await db.query<{ hour: number }>('select hour from closed_hour where hour >= $1 limit 10000', [
    fromHour,
  ])
  return new Set(rows.map((row) => row.hour))
}

import type { Queryable } from './queryable.ts'

/** Names of the partitions of a table, in order. */
export async function listPartitions(db: Queryable, table: 'hot_block' | 'raw_chunk'): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select relname as name from pg_class join pg_inherits on inhrelid = pg_class.oid
     where inhparent = $1::regclass order by relname limit 10000`,
    [table],
  )
  return rows.map((row) => row.name)
}

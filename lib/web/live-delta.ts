import type { LiveDelta } from '../contract/live.ts'
import { rowKeys } from '../contract/row-keys.ts'

type Row = Readonly<Record<string, unknown>>
type Document = Readonly<Record<string, unknown>>

/** The document after a delta. Rows that did not change stay the same objects, so that nothing redraws for them. */
export function applyLiveDelta(document: Document, delta: LiveDelta): Document {
  const next: Record<string, unknown> = { ...document, ...delta.set }
  for (const [table, change] of Object.entries(delta.rows)) {
    next[table] = applyRows((document[table] ?? []) as readonly Row[], change, keyColumn(table))
  }
  return next
}

function applyRows(rows: readonly Row[], change: LiveDelta['rows'][string], key: string): readonly Row[] {
  const removed = new Set<unknown>(change.remove)
  const upserts = new Map<unknown, Row>(change.upsert.map((row) => [row[key], row]))
  const kept = rows.filter((row) => !removed.has(row[key]) || upserts.has(row[key]))
  const known = new Set(kept.map((row) => row[key]))
  const joined = change.upsert.filter((row) => !known.has(row[key]))
  return [...kept.map((row) => upserts.get(row[key]) ?? row), ...joined]
}

function keyColumn(table: string): string {
  if (table in rowKeys) return rowKeys[table as keyof typeof rowKeys]
  throw new Error(`A live delta changes rows of ${table}, which has no key.`)
}

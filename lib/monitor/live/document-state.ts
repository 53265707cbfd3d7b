import { rowKeys } from '../../contract/row-keys.ts'

type RowKey = string | number

/**
 * A document as it was last sent, in pieces that compare as text: top-level properties, and the rows of keyed tables. Each
 * piece is serialised once and used for comparison and for the frame.
 */
export class DocumentState {
  readonly #values = new Map<string, string>()
  readonly #tables = new Map<string, Map<RowKey, string>>()

  constructor(document: object) {
    for (const [name, value] of Object.entries(document)) {
      if (value === undefined) continue
      const rows = keyedRows(name, value)
      if (rows === undefined) this.#values.set(name, JSON.stringify(value))
      else this.#tables.set(name, rows)
    }
  }

  /** The whole document as JSON. */
  toJson(): string {
    const tables = [...this.#tables].map(([name, rows]) => [name, `[${[...rows.values()].join(',')}]`] as const)
    return jsonObject([...this.#values, ...tables])
  }

  /**
   * The delta (`LiveDelta` as JSON) from this state to the next; `undefined` when they are equal, `whole` when a delta
   * cannot say it because a property is gone.
   */
  deltaTo(next: DocumentState): string | 'whole' | undefined {
    const set: [string, string][] = []
    const rows: [string, string][] = []
    for (const name of [...this.#values.keys(), ...this.#tables.keys()]) {
      if (!next.#values.has(name) && !next.#tables.has(name)) return 'whole'
    }
    for (const [name, json] of next.#values) {
      if (this.#values.get(name) !== json) set.push([name, json])
    }
    for (const [name, after] of next.#tables) {
      const before = this.#tables.get(name)
      const change = before && tableDelta(before, after)
      if (change === undefined) set.push([name, `[${[...after.values()].join(',')}]`])
      else if (change !== 'equal') rows.push([name, change])
    }
    if (set.length === 0 && rows.length === 0) return undefined
    return jsonObject([
      ['set', jsonObject(set)],
      ['rows', jsonObject(rows)],
    ])
  }
}

/** `undefined` when rows moved: who applies a delta keeps the order of the rows it has and adds new ones at the end. */
function tableDelta(
  before: ReadonlyMap<RowKey, string>,
  after: ReadonlyMap<RowKey, string>,
): string | 'equal' | undefined {
  const removed = [...before.keys()].filter((key) => !after.has(key))
  const upserted = [...after].filter(([key, json]) => before.get(key) !== json)
  if (removed.length === 0 && upserted.length === 0 && hasOrder(before, after)) return 'equal'
  if (!hasOrder(before, after)) return undefined
  const upserts = upserted.map(([, json]) => json).join(',')
  return `{"upsert":[${upserts}],"remove":${JSON.stringify(removed)}}`
}

/** Whether the rows that stay come first, in their old order, and the new ones after them. */
function hasOrder(before: ReadonlyMap<RowKey, string>, after: ReadonlyMap<RowKey, string>): boolean {
  const kept = [...before.keys()].filter((key) => after.has(key))
  let position = 0
  for (const key of after.keys()) {
    if (position < kept.length && kept[position] !== key) return false
    position += 1
  }
  return true
}

/** The rows by their key, `undefined` when the property is no table or its rows have no such key, once each. */
function keyedRows(name: string, value: unknown): Map<RowKey, string> | undefined {
  const column = Object.hasOwn(rowKeys, name) ? rowKeys[name as keyof typeof rowKeys] : undefined
  if (column === undefined || !Array.isArray(value)) return undefined
  const rows = new Map<RowKey, string>()
  for (const row of value as readonly unknown[]) {
    const key = typeof row === 'object' && row !== null ? (row as Readonly<Record<string, unknown>>)[column] : undefined
    if ((typeof key !== 'string' && typeof key !== 'number') || rows.has(key)) return undefined
    rows.set(key, JSON.stringify(row))
  }
  return rows
}

function jsonObject(entries: Iterable<readonly [string, string]>): string {
  return `{${Array.from(entries, ([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

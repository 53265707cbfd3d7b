/**
 * The order that a list shows while somebody points at it or moves in it: rows stay where they were, rows that left
 * leave, new ones join at the end.
 */
export function holdOrder<Row>(
  held: readonly string[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): { rows: readonly Row[]; isChanged: boolean } {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]))
  const shown: Row[] = []
  for (const key of held) {
    const row = byKey.get(key)
    if (row === undefined) continue
    shown.push(row)
    byKey.delete(key)
  }
  shown.push(...byKey.values())
  return { rows: shown, isChanged: shown.some((row, index) => row !== rows[index]) }
}

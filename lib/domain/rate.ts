export interface Reading {
  readonly value: bigint
  readonly atMs: number
}

/** Increase per second between two readings of a counter. `null` when it went back (recreated, truncated) or no time passed. */
export function computeRate(before: Reading | null, after: Reading): number | null {
  if (before === null || after.atMs <= before.atMs || after.value < before.value) return null
  return (Number(after.value - before.value) * 1000) / (after.atMs - before.atMs)
}

/** Adds what is known. `null` only when nothing is. */
export function sumKnown(values: Iterable<number | null>): number | null {
  let sum: number | null = null
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value
  return sum
}

/** The largest of what is known. `null` when nothing is. */
export function maxKnown(values: Iterable<number | null>): number | null {
  let max: number | null = null
  for (const value of values) if (value !== null && (max === null || value > max)) max = value
  return max
}

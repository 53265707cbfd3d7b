/** `Math.max` takes no bigint. */
export function laterOffset(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

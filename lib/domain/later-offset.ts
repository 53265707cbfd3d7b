/** `Math.max` takes no bigint. */
export function laterOffset(a: bigint, b: bigint): bigint {
  return [a, b].reduce((later, offset) => (offset > later ? offset : later))
}

/** Inclusive range of versions. `none` has a maximum below its minimum. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

export const noVersions: VersionRange = { min: 0, max: -1 }

/** Reads Kafka's notation: `3`, `3-5`, `3+` or `none`. */
export function parseVersionRange(text: string): VersionRange {
  if (text === 'none') return noVersions
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text)
  if (match === null) throw new Error(`Not a version range: ${text}`)
  const min = Number(match[1])
  if (match[2] !== undefined) return { min, max: Number.POSITIVE_INFINITY }
  return { min, max: match[3] === undefined ? min : Number(match[3]) }
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max
}

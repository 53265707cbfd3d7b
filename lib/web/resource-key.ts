import { parseTimeRange, resolveTimeRange } from './time-range.ts'

export type Search = Readonly<Record<string, string | number>>

/**
 * The key of a query is the path of its API resource (below `/api/v1/`) and what is searched in it. The live socket
 * names its channels by the same path. A `range` is relative to the moment of the request.
 */
export type ResourceKey = readonly [path: string] | readonly [path: string, search: Search]

export function resourcePath([path, search]: ResourceKey, nowMs: number): string {
  if (search === undefined) return path
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (name === 'range') {
      const { fromMs, toMs } = resolveTimeRange(parseTimeRange(String(value)), nowMs)
      parameters.set('fromMs', String(fromMs))
      parameters.set('toMs', String(toMs))
    } else {
      parameters.set(name, String(value))
    }
  }
  return `${path}?${parameters}`
}

/** `clusters/main/topics/orders`: each part percent-encoded. */
export function joinPath(...parts: (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/')
}

import type { Search } from './resource-key.ts'

export const recordPlaces = ['newest', 'oldest', 'offset', 'time'] as const
export type RecordPlace = (typeof recordPlaces)[number]

const limitDefault = 50

/** Where to read records, as it stands in the page's URL, in the API's words. */
export function parseRecordsSearch(parameter: (name: string) => string | null | undefined): Search {
  const from = recordPlaces.find((place) => place === parameter('from')) ?? 'newest'
  const search: Record<string, string | number> = {
    from,
    limit: Number(parameter('limit') ?? limitDefault) || limitDefault,
  }
  const partition = parameter('partition')
  const offset = parameter('offset')
  const timestampMs = parameter('time')
  if (partition) search.partition = partition
  if (from === 'offset' && offset) search.offset = offset
  if (from === 'time' && timestampMs) search.timestampMs = timestampMs
  return search
}

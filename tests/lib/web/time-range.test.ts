import { expect, test } from 'vitest'
import { resourcePath } from '../../../lib/web/resource-key.ts'
import { formatTimeRange, parseTimeRange } from '../../../lib/web/time-range.ts'

test('a range is the same after it was written to the URL', () => {
  for (const range of [
    { name: '15m' as const },
    { name: '6h' as const },
    { fromMs: 1_763_870_000_000, toMs: 1_763_873_600_000 },
  ]) {
    expect(parseTimeRange(formatTimeRange(range))).toEqual(range)
  }
})

test('nonsense in the URL is the last hour', () => {
  for (const text of [null, '', '2y', '1763873600000-1763870000000', '1-2']) {
    expect(parseTimeRange(text)).toEqual({ name: '1h' })
  }
})

test('a range in a key ends at the moment of the request', () => {
  const path = resourcePath(['clusters/main/series', { column: 'lag', range: '1h' }], 10_000_000)
  expect(path).toBe('clusters/main/series?column=lag&fromMs=6400000&toMs=10000000')
})

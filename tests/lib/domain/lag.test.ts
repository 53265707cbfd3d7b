import { expect, test } from 'vitest'
import { computeLag } from '../../../lib/domain/lag.ts'

test.each([
  { case: 'behind', committedOffset: 10n, logStartOffset: 0n, endOffset: 25n, lag: 15n },
  { case: 'at the end', committedOffset: 25n, logStartOffset: 0n, endOffset: 25n, lag: 0n },
  { case: 'beyond the end after a reset', committedOffset: 30n, logStartOffset: 0n, endOffset: 25n, lag: 0n },
  {
    case: 'below the log start: what is gone does not lag',
    committedOffset: 5n,
    logStartOffset: 20n,
    endOffset: 25n,
    lag: 5n,
  },
  { case: 'start not known', committedOffset: 5n, logStartOffset: null, endOffset: 25n, lag: 20n },
  {
    case: 'never committed is unknown, not zero',
    committedOffset: null,
    logStartOffset: 0n,
    endOffset: 25n,
    lag: null,
  },
])('lag when $case', ({ lag, ...position }) => {
  expect(computeLag(position)).toBe(lag)
})

import { expect, it } from 'vitest'
import { truncationOffset } from '../../../broker/replication/truncation-offset.ts'

const unknown = { epoch: -1, endOffset: -1 }

it.each([
  {
    what: 'the leader has less of the epoch than we do',
    leader: { epoch: 4, endOffset: 10 },
    own: { epoch: 4, endOffset: 15 },
    keeps: 10,
  },
  {
    what: 'we have less of the epoch than the leader',
    leader: { epoch: 4, endOffset: 12 },
    own: { epoch: 4, endOffset: 8 },
    keeps: 8,
  },
  {
    what: 'we do not know the epoch and keep what came before it',
    leader: { epoch: 4, endOffset: 12 },
    own: { epoch: 3, endOffset: 6 },
    keeps: 6,
  },
  { what: 'we know of no epochs', leader: { epoch: 4, endOffset: 12 }, own: unknown, keeps: 12 },
  { what: 'the leader ends behind our log', leader: { epoch: 4, endOffset: 90 }, own: unknown, keeps: 20 },
])('a follower cuts its log where $what', ({ leader, own, keeps }) => {
  expect(truncationOffset(leader, own, 20)).toBe(keeps)
})

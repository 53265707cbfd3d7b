import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LiveDelta } from '../../../../lib/contract/live.ts'
import { DocumentState } from '../../../../lib/monitor/live/document-state.ts'
import { applyLiveDelta } from '../../../../lib/web/live-delta.ts'

function delta(before: object, after: object): unknown {
  const json = new DocumentState(before).deltaTo(new DocumentState(after))
  return json === undefined || json === 'whole' ? json : JSON.parse(json)
}

const row = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), size: fc.nat(2) })
const document = fc.record({
  topics: fc.uniqueArray(row, { selector: ({ name }) => name }),
  // Rows of a group's members have no `id`: not a keyed table in this document.
  groups: fc.array(fc.record({ group: fc.string() })),
  verdict: fc.oneof(fc.constant(null), fc.record({ code: fc.constantFrom('ok', 'bad') })),
  asOfMs: fc.nat(3),
})

describe('DocumentState', () => {
  it('gives the document as it is', () => {
    fc.assert(
      fc.property(document, (one) => {
        const whole: unknown = JSON.parse(new DocumentState(one).toJson())
        expect(whole).toEqual(one)
      }),
    )
  })

  it('gives deltas that lead the browser from any document to any other', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const change = delta(before, after)
        expect(change).not.toBe('whole')
        expect(change === undefined ? before : applyLiveDelta(before, change as LiveDelta)).toEqual(after)
      }),
    )
  })

  it('sends changed rows only', () => {
    const before = {
      topics: [
        { name: 'a', size: 1 },
        { name: 'b', size: 1 },
        { name: 'c', size: 1 },
      ],
      asOfMs: 1,
    }
    const after = {
      topics: [
        { name: 'a', size: 1 },
        { name: 'c', size: 2 },
        { name: 'd', size: 1 },
      ],
      asOfMs: 1,
    }
    expect(delta(before, after)).toEqual({
      set: {},
      rows: {
        topics: {
          upsert: [
            { name: 'c', size: 2 },
            { name: 'd', size: 1 },
          ],
          remove: ['b'],
        },
      },
    })
  })

  it('replaces a table whose rows moved, and says nothing when nothing changed', () => {
    const before = { topics: [{ name: 'a' }, { name: 'b' }] }
    const after = { topics: [{ name: 'b' }, { name: 'a' }] }
    expect(delta(before, after)).toEqual({ set: after, rows: {} })
    expect(delta(before, { topics: [{ name: 'a' }, { name: 'b' }] })).toBeUndefined()
  })

  it('needs a snapshot when a property is gone', () => {
    expect(delta({ a: 1, b: 2 }, { a: 1 })).toBe('whole')
  })
})

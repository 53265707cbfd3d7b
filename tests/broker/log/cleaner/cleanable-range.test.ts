import { describe, expect, it } from 'vitest'
import { computeCleanableRange, type LogFacts, mustClean } from '../../../../broker/log/cleaner/cleanable-range.ts'
import { groupSegments } from '../../../../broker/log/cleaner/group-segments.ts'
import { defaultLogConfig } from '../../../../broker/log/log-config.ts'

const nowMs = 1_000_000
const { compaction } = defaultLogConfig

/** Four closed segments of 100 bytes and 10 offsets each, ten seconds apart, the youngest ten seconds old. */
const closed = [0, 10, 20, 30].map((baseOffset) => {
  const maxTimestampMs = nowMs - 40_000 + baseOffset * 1000
  return { baseOffset, sizeBytes: 100, firstTimestampMs: maxTimestampMs - 1000, maxTimestampMs }
})

const log: LogFacts = {
  closed,
  activeBaseOffset: 40,
  logStartOffset: 0,
  logEndOffset: 45,
  lastStableOffset: 45,
  cleanedOffset: undefined,
}

describe('what of a log can be cleaned', () => {
  it.each<[string, Partial<LogFacts>, Partial<typeof compaction>, [number, number, number, number]]>([
    ['all closed segments of a log that never was', {}, {}, [0, 40, 0, 400]],
    ['what came after the last cleaning', { cleanedOffset: 20 }, {}, [20, 40, 200, 200]],
    ['the rest of a segment that was cleaned in part', { cleanedOffset: 25 }, {}, [25, 40, 300, 200]],
    ['everything when the log was cut below what was cleaned', { cleanedOffset: 46 }, {}, [0, 40, 0, 400]],
    [
      'what is left when the start moved past what was cleaned',
      { cleanedOffset: 5, logStartOffset: 10 },
      {},
      [10, 40, 100, 300],
    ],
    ['no segment that reaches beyond the last stable offset', { lastStableOffset: 25 }, {}, [0, 20, 0, 200]],
    ['a segment that ends at the last stable offset', { lastStableOffset: 30 }, {}, [0, 30, 0, 300]],
    ['no segment from the first young one on', {}, { minCompactionLagMs: 15_000 }, [0, 30, 0, 300]],
    ['nothing before anything is stable', { lastStableOffset: 0 }, {}, [0, 0, 0, 0]],
    ['nothing of an active segment alone', { closed: [], activeBaseOffset: 0 }, {}, [0, 0, 0, 0]],
  ])('%s', (_, facts, config, [firstDirtyOffset, firstUncleanableOffset, cleanBytes, cleanableBytes]) => {
    const range = computeCleanableRange({ ...log, ...facts }, { ...compaction, ...config }, nowMs)
    expect(range).toMatchObject({ firstDirtyOffset, firstUncleanableOffset, cleanBytes, cleanableBytes })
  })

  it.each<[string, Partial<LogFacts>, Partial<typeof compaction>, boolean]>([
    ['a log that never was', {}, {}, true],
    ['not at exactly the ratio', { cleanedOffset: 20 }, {}, false],
    ['above the ratio', { cleanedOffset: 20 }, { minCleanableDirtyRatio: 0.49 }, true],
    [
      'whatever the ratio once a record has waited too long',
      { cleanedOffset: 30 },
      { maxCompactionLagMs: 5_000 },
      true,
    ],
    ['not for a record that is not too old yet', { cleanedOffset: 30 }, { maxCompactionLagMs: 60_000 }, false],
    ['nothing when nothing is dirty', { cleanedOffset: 40 }, { minCleanableDirtyRatio: 0 }, false],
  ])('cleans %s', (_, facts, config, expected) => {
    const applied = { ...compaction, ...config }
    expect(mustClean(computeCleanableRange({ ...log, ...facts }, applied, nowMs), applied)).toBe(expected)
  })
})

describe('groups of segments', () => {
  const sized = (sizes: number[]) =>
    sizes.map((sizeBytes, i) => ({ baseOffset: i * 10, sizeBytes, indexBytes: sizeBytes / 10 }))
  const limits = { segmentBytes: 100, segmentIndexBytes: 100 }
  it.each<[string, number[], typeof limits, number[][]]>([
    ['as many neighbours as fit into a segment', [50, 50, 10, 80, 20], limits, [[0, 10], [20, 30], [40]]],
    ['a segment that is too large alone', [150, 20, 20], limits, [[0], [10, 20]]],
    [
      'no more than their indexes may hold together',
      [50, 50, 10],
      { ...limits, segmentIndexBytes: 9 },
      [[0], [10, 20]],
    ],
    ['nothing of nothing', [], limits, []],
  ])('hold %s', (_, sizes, within, expected) => {
    const groups = groupSegments(sized(sizes), within, sizes.length * 10)
    expect(groups.map((group) => group.map(({ baseOffset }) => baseOffset))).toEqual(expected)
  })

  it('do not span more offsets than an index can tell apart', () => {
    const far = 2 ** 31
    const segments = [0, 10, far].map((baseOffset) => ({ baseOffset, sizeBytes: 1, indexBytes: 0 }))
    expect(groupSegments(segments, limits, far + 10).map((group) => group.length)).toEqual([2, 1])
    expect(groupSegments(segments, limits, far).map((group) => group.length)).toEqual([3])
  })
})

import { appendFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { append, batchOf, makeTemporaryDirectory, nowMs, openTestLog, readAll } from './open-test-log.ts'

/** What a log must hold: one value an offset, batch by batch, and the epoch that wrote it. */
interface Model {
  batches: { baseOffset: number; values: string[]; epoch: number }[]
  startOffset: number
  endOffset: number
  epoch: number
}

type Step =
  | { kind: 'append'; sizes: number[] }
  | { kind: 'newEpoch' }
  | { kind: 'roll' }
  | { kind: 'truncate'; part: number }
  | { kind: 'truncateFully'; offset: number }
  | { kind: 'advanceStart'; part: number }
  | { kind: 'deleteOld' }
  | { kind: 'reopen' }
  | { kind: 'crash'; garbageBytes: number; part: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      sizes: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('newEpoch' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('roll' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('truncate' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('truncateFully' as const), offset: fc.integer({ min: 0, max: 1000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('advanceStart' as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteOld' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      garbageBytes: fc.integer({ min: 0, max: 200 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
)

const options = { config: { segmentBytes: 1500, indexIntervalBytes: 200, retentionMs: -1 } }

it('any sequence of appends, rolls, truncations, restarts and crashes leaves the log equal to a model', async () => {
  const directory = await makeTemporaryDirectory()
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, hasTail) => {
      await runSteps(join(directory, String(run++)), steps, hasTail)
    }),
    { numRuns: 100 },
  )
})

async function runSteps(directory: string, steps: readonly Step[], hasTail: boolean): Promise<void> {
  const tail = () => new TailCache({ bytesMax: hasTail ? 4000 : 0 })
  const model: Model = { batches: [], startOffset: 0, endOffset: 0, epoch: 0 }
  let log = await openTestLog(directory, { ...options, tail: tail() })
  for (const current of steps) {
    if (current.kind === 'reopen') {
      await log.close()
      const { recoveryPoint, logStartOffset } = log
      log = await openTestLog(directory, {
        ...options,
        tail: tail(),
        recovery: { isClean: true, recoveryPoint, logStartOffset },
      })
    } else if (current.kind === 'crash') {
      const { logStartOffset } = log
      const recoveryPoint = Math.floor(log.recoveryPoint * current.part)
      await appendGarbage(directory, current.garbageBytes)
      log = await openTestLog(directory, {
        ...options,
        tail: tail(),
        recovery: { isClean: false, recoveryPoint, logStartOffset },
      })
    } else await take(log, model, current)
    await expectEqual(log, model)
  }
  await log.close()
}

async function take(
  log: PartitionLog,
  model: Model,
  current: Exclude<Step, { kind: 'reopen' | 'crash' }>,
): Promise<void> {
  switch (current.kind) {
    case 'append': {
      const values = current.sizes.map((size, i) => `${model.endOffset}.${i}`.padEnd(size, '-'))
      expect(await append(log, batchOf(values), model.epoch)).toBe(model.endOffset)
      model.batches.push({ baseOffset: model.endOffset, values, epoch: model.epoch })
      model.endOffset += values.length
      return
    }
    case 'newEpoch':
      model.epoch++
      return
    case 'roll':
      return log.roll()
    case 'truncate': {
      const offset = Math.round(model.startOffset + (model.endOffset - model.startOffset) * current.part)
      await log.truncateTo(offset)
      const cut = model.batches.find(
        (batch) => batch.baseOffset < offset && batch.baseOffset + batch.values.length > offset,
      )
      model.endOffset = cut?.baseOffset ?? offset
      model.startOffset = Math.min(model.startOffset, model.endOffset)
      model.batches = model.batches.filter((batch) => batch.baseOffset < model.endOffset)
      return
    }
    case 'truncateFully':
      await log.truncateFullyAndStartAt(current.offset)
      model.batches = []
      model.startOffset = current.offset
      model.endOffset = current.offset
      return
    case 'advanceStart': {
      const offset = Math.floor(model.startOffset + (model.endOffset - model.startOffset) * current.part)
      await log.advanceLogStartOffset(offset)
      model.startOffset = offset
      return
    }
    case 'deleteOld':
      await log.deleteOldSegments(nowMs, model.endOffset)
      return
  }
}

async function expectEqual(log: PartitionLog, model: Model): Promise<void> {
  expect([log.logStartOffset, log.logEndOffset, log.nextOffset]).toEqual([
    model.startOffset,
    model.endOffset,
    model.endOffset,
  ])
  const expected = model.batches.flatMap((batch) =>
    batch.values.map((text, i) => ({ offset: batch.baseOffset + i, text })),
  )
  const visible = expected
    .filter(({ offset }) => offset >= model.startOffset)
    .map(({ offset, text }) => `${offset}:${text}`)
  expect(await readAll(log, model.startOffset, 300)).toEqual(visible)
  const last = model.batches.at(-1)
  if (last !== undefined && last.baseOffset >= model.startOffset)
    expect(log.leaderEpochs.epochAt(last.baseOffset)).toBe(last.epoch)
}

async function appendGarbage(directory: string, bytes: number): Promise<void> {
  const folder = join(directory, 'orders-0')
  const last = (await readdir(folder))
    .filter((name) => name.endsWith('.log'))
    .sort()
    .at(-1)
  if (last !== undefined) await appendFile(join(folder, last), Buffer.alloc(bytes, 7))
}

import { expect, test } from 'vitest'
import { beginAt, findHistoryStart } from '../../../lib/web/history-start.ts'

const young = { fromMs: 1_000, stepMs: 10, values: [null, null, null, 4, null, 6] }

test('history that begins within the range begins at its first sample', () => {
  expect(findHistoryStart(young)).toBe(1_030)
  expect(findHistoryStart({ ...young, values: [1, null, 2] })).toBeUndefined()
  expect(findHistoryStart({ ...young, values: [null, null] })).toBeUndefined()
})

test('a line that begins later loses the emptiness before it and keeps its gaps', () => {
  expect(beginAt(young, 1_030)).toEqual({ fromMs: 1_030, stepMs: 10, values: [4, null, 6] })
  expect(beginAt(young, undefined)).toBe(young)
})

test('a start within a step keeps that step, and at least two points stay', () => {
  expect(beginAt(young, 1_029).values).toEqual([null, 4, null, 6])
  expect(beginAt(young, 1_050).values).toEqual([null, 6])
  expect(beginAt(young, 500)).toBe(young)
})

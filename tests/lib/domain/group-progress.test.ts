import { expect, test } from 'vitest'
import {
  evaluateGroupProgress,
  evaluatePositionProgress,
  type PositionFacts,
} from '../../../lib/domain/group-progress.ts'

const behind: PositionFacts = {
  hasCommitted: true,
  lagRecords: 1_000,
  lagMs: 90_000,
  unmovedMs: 5_000,
  lagChange: 0,
  hadZeroLag: false,
  hasMembers: true,
}

test.each<[string, Partial<PositionFacts>, ReturnType<typeof evaluatePositionProgress>]>([
  ['never committed', { hasCommitted: false, lagRecords: null }, 'notCommitting'],
  ['end offset not known', { lagRecords: null, lagMs: null }, 'unknown'],
  ['all read, with members', { lagRecords: 0, lagMs: 0 }, 'keepingUp'],
  ['all read, nobody there', { lagRecords: 0, lagMs: 0, hasMembers: false }, 'idle'],
  ['records wait and nobody is there', { hasMembers: false, unmovedMs: 40_000 }, 'stopped'],
  [
    'no members but offsets move: it assigned itself',
    { hasMembers: false, unmovedMs: 4_000, lagChange: -200 },
    'catchingUp',
  ],
  ['stands still for two minutes', { unmovedMs: 120_000 }, 'stuck'],
  ['one record left over by a transaction marker', { lagRecords: 1, unmovedMs: 900_000 }, 'keepingUp'],
  ['was at zero within the window', { hadZeroLag: true, lagChange: 500 }, 'keepingUp'],
  ['seconds behind', { lagMs: 9_000, lagChange: 400 }, 'keepingUp'],
  ['too early to say', { lagChange: null }, 'unknown'],
  ['lag grows', { lagChange: 60 }, 'fallingBehind'],
  ['lag shrinks', { lagChange: -60 }, 'catchingUp'],
  ['steady and more than a minute behind', { lagChange: 10 }, 'fallingBehind'],
  ['steady and half a minute behind', { lagChange: 10, lagMs: 30_000 }, 'keepingUp'],
])('%s', (_case, facts, progress) => {
  expect(evaluatePositionProgress({ ...behind, ...facts })).toBe(progress)
})

test('a group is as its worst partition', () => {
  expect(evaluateGroupProgress(['keepingUp', 'stuck', 'catchingUp'], true)).toBe('stuck')
  expect(evaluateGroupProgress(['keepingUp', 'idle', 'notCommitting'], true)).toBe('keepingUp')
})

test('a group without positions is idle when empty, else it does not commit', () => {
  expect(evaluateGroupProgress([], false)).toBe('idle')
  expect(evaluateGroupProgress([], true)).toBe('notCommitting')
})

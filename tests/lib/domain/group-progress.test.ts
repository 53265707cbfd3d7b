import { expect, test } from 'vitest'
import {
  computeProgressSince,
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
  assignsItself: false,
}

test.each<[string, Partial<PositionFacts>, ReturnType<typeof evaluatePositionProgress>]>([
  ['never committed', { hasCommitted: false, lagRecords: null }, 'notCommitting'],
  ['end offset not known', { lagRecords: null, lagMs: null }, 'unknown'],
  ['all read, with members', { lagRecords: 0, lagMs: 0 }, 'keepingUp'],
  ['all read, nobody there', { lagRecords: 0, lagMs: 0, hasMembers: false }, 'idle'],
  ['records wait and its members have just gone', { hasMembers: false, unmovedMs: 0, hadZeroLag: true }, 'stopped'],
  ['records wait and its members went while it caught up', { hasMembers: false, lagChange: -200 }, 'stopped'],
  [
    'no members but offsets move: it assigned itself',
    { hasMembers: false, assignsItself: true, unmovedMs: 4_000, lagChange: -200 },
    'catchingUp',
  ],
  [
    'assigned itself and its offsets stand still',
    { hasMembers: false, assignsItself: true, unmovedMs: 30_000 },
    'stopped',
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

test.each<[string, Parameters<typeof computeProgressSince>, number]>([
  ['stopped when its members went', ['stopped', { nowMs: 90, memberlessSinceMs: 20, assignsItself: false }], 20],
  ['stopped and never had members', ['stopped', { nowMs: 90, memberlessSinceMs: 20, assignsItself: true }], 90],
  ['anything else began as it was seen', ['idle', { nowMs: 90, memberlessSinceMs: 20, assignsItself: false }], 90],
])('since when: %s', (_case, given, sinceMs) => {
  expect(computeProgressSince(...given)).toBe(sinceMs)
})

import { expect, test } from 'vitest'
import type { ClusterVerdict, GroupVerdict } from '../../../lib/contract/verdict.ts'
import { chinese } from '../../../lib/format/chinese.ts'
import { type Dictionary, english } from '../../../lib/format/english.ts'
import { createFormats } from '../../../lib/format/formats.ts'
import { type Sentence, sentenceText } from '../../../lib/format/sentence.ts'

const formats = createFormats({ language: 'en', zone: 'UTC', now: () => Date.UTC(2026, 10, 23, 4) })
const text = (sentence: Sentence) => sentenceText(sentence).replaceAll('\u00a0', ' ')
const sinceMs = Date.UTC(2026, 10, 23, 3, 12)

const atRisk: ClusterVerdict = {
  code: 'replicasMissing',
  health: 'atRisk',
  offline: 0,
  underReplicated: 14,
  topics: 3,
  belowMinIsr: 0,
  atMinIsr: 9,
  brokersDown: [2],
  sinceMs,
}

test('a cluster at risk says what is missing, since when, and what one more failure would do', () => {
  expect(text(english.verdicts.cluster(atRisk, formats))).toBe(
    'Cluster is at risk: 14 partitions of 3 topics miss a replica since 03:12:00, broker 2 is down. ' +
      'Nothing is lost. One more broker down stops writes to 9 of them.',
  )
})

test('one partition is spoken of as one', () => {
  const one = { ...atRisk, underReplicated: 1, topics: 1, atMinIsr: 0, brokersDown: [] }
  expect(text(english.verdicts.cluster(one, formats))).toBe(
    'Cluster is at risk: 1 partition of 1 topic misses a replica since 03:12:00. Nothing is lost.',
  )
})

test('the slowest group of a healthy cluster is a link to it', () => {
  const well: ClusterVerdict = {
    code: 'allWell',
    health: 'ok',
    brokers: 3,
    partitions: 412,
    groups: 37,
    groupsKeepingUp: 37,
    slowestGroup: 'billing',
    slowestSeconds: 4,
  }
  const sentence = english.verdicts.cluster(well, formats)
  expect(text(sentence)).toBe(
    'All is well. 3 brokers, 412 partitions in sync. 37 groups keep up; the slowest, billing, is 4 s behind.',
  )
  expect(sentence).toContainEqual({ text: 'billing', subject: { kind: 'group', id: 'billing' } })
})

test('a group that stopped is not said to be merely behind', () => {
  const stopped: ClusterVerdict = {
    code: 'groupsBehind',
    health: 'atRisk',
    groups: 1,
    stopped: 1,
    worstGroup: 'billing',
    lagRecords: 120,
    lagSeconds: 90,
  }
  expect(text(english.verdicts.cluster(stopped, formats))).toBe(
    'One consumer group has stopped with records unread: billing, 1 min 30 s behind (120 records).',
  )
  expect(text(english.verdicts.cluster({ ...stopped, groups: 3 }, formats))).toBe(
    '3 consumer groups are behind, 1 of them stopped. The worst is billing, 1 min 30 s behind (120 records).',
  )
})

test('every verdict of a group is a sentence in both languages', () => {
  const codes: GroupVerdict['code'][] = [
    'keepingUp',
    'catchingUp',
    'fallingBehind',
    'stuck',
    'stopped',
    'idle',
    'notCommitting',
    'unknown',
  ]
  for (const words of [english, chinese]) for (const code of codes) expectSentence(words, code)
})

function expectSentence(words: Dictionary, code: GroupVerdict['code']) {
  const said = text(
    words.verdicts.group(
      'billing-worker',
      {
        code,
        health: 'ok',
        members: 3,
        lagRecords: 1_240_000,
        lagSeconds: 2_280,
        drainSeconds: 840,
        stuckPartitions: 2,
        partitions: 12,
        sinceMs,
      },
      formats,
    ),
  )
  expect(said).toContain('billing-worker')
  expect(said).toMatch(/[.。]$/)
  expect(said).not.toMatch(/undefined|null|NaN/)
}

test('both languages have the same words', () => {
  const shape = (value: object): unknown =>
    Object.fromEntries(
      Object.entries(value)
        .map(([key, each]) => [key, typeof each === 'object' ? shape(each) : typeof each])
        .sort(),
    )
  expect(shape(chinese)).toEqual(shape(english))
})

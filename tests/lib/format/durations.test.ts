import { expect, test } from 'vitest'
import { createFormats } from '../../../lib/format/formats.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const english = createFormats({ language: 'en', zone: 'Europe/Berlin', now: () => Date.UTC(2026, 10, 23, 14) })
const chinese = createFormats({ language: 'zh', zone: 'Asia/Shanghai', now: () => Date.UTC(2026, 10, 23, 14) })

test.each([
  [0, '0 s'],
  [340, '340 ms'],
  [4_000, '4 s'],
  [130_000, '2 min 10 s'],
  [38 * 60_000, '38 min'],
  [130 * 60_000, '2 h 10 min'],
  [76 * 3_600_000, '3 d 4 h'],
])('%d ms last %s', (ms, text) => {
  expect(plain(english.duration(ms))).toBe(text)
})

test('an age has one unit and is never negative', () => {
  expect(plain(english.age(-5))).toBe('0 s')
  expect(plain(english.age(119_000))).toBe('1 min')
  expect(plain(chinese.age(119_000))).toBe('1 分')
})

test('today is told by its time alone, in the reader’s zone', () => {
  const atMs = Date.UTC(2026, 10, 23, 2, 12, 5)
  expect(english.time(atMs)).toBe('03:12:05')
  expect(chinese.time(atMs)).toBe('10:12:05')
})

test('another day is told with its date', () => {
  expect(english.time(Date.UTC(2026, 10, 22, 2, 12))).toBe('22 Nov, 03:12')
})

test('a zone is called by its offset', () => {
  expect(english.zoneName(Date.UTC(2026, 10, 23))).toBe('UTC+1')
})

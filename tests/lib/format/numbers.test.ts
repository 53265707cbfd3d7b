import { describe, expect, test } from 'vitest'
import { formatBytes, formatCount, formatExact, formatRate, formatShare } from '../../../lib/format/numbers.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('figures', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1_240, '1.24 k'],
    [12_100, '12.1 k'],
    [999_600, '1.00 M'],
    [1_240_000, '1.24 M'],
    [-1_500, '-1.50 k'],
  ])('a count of %d is written %s', (value, text) => {
    expect(plain(formatCount(value))).toBe(text)
  })

  test('the exact value has every digit', () => {
    expect(formatExact(1_240_000)).toBe('1,240,000')
  })

  test.each([
    [0, '0 B'],
    [1_023, '1,023 B'],
    [1_024, '1.00 KiB'],
    [1_048_575, '1.00 MiB'],
    [3.4 * 1_024 ** 3, '3.40 GiB'],
  ])('%d bytes are written %s', (value, text) => {
    expect(plain(formatBytes(value))).toBe(text)
  })

  test.each([
    [0, '0/s'],
    [0.04, '< 0.1/s'],
    [0.5, '0.5/s'],
    [9.14, '9.1/s'],
    [12_100, '12.1 k/s'],
  ])('a rate of %d a second is written %s', (value, text) => {
    expect(plain(formatRate(value))).toBe(text)
  })

  test('a share is written in percent', () => {
    expect(plain(formatShare(41, 100))).toBe('41 %')
  })
})

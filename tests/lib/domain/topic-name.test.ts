import { expect, test } from 'vitest'
import { findTopicNameFault } from '../../../lib/domain/topic-name.ts'

test('letters, digits, dot, underscore and hyphen make a name', () => {
  for (const name of ['a', 'orders-2.v1_EU', '...', 'a'.repeat(249)])
    expect(findTopicNameFault(name, [])).toBeUndefined()
})

test.each([
  ['', { code: 'empty' }],
  ['.', { code: 'dots' }],
  ['..', { code: 'dots' }],
  ['a'.repeat(250), { code: 'tooLong', length: 250 }],
  ['über', { code: 'character', character: 'ü' }],
  ['a b', { code: 'character', character: ' ' }],
  ['a😀', { code: 'character', character: '😀' }],
])('%s is refused', (name, fault) => {
  expect(findTopicNameFault(name, [])).toEqual(fault)
})

test('a name that exists is taken, one that differs only in dot and underscore collides', () => {
  expect(findTopicNameFault('a.b', ['x', 'a.b'])).toEqual({ code: 'taken' })
  expect(findTopicNameFault('a_b', ['x', 'a.b'])).toEqual({ code: 'collides', topic: 'a.b' })
  expect(findTopicNameFault('a-b', ['x', 'a.b'])).toBeUndefined()
})

import { expect, test } from 'vitest'
import { findConfigValueFault } from '../../../lib/domain/topic-config-value.ts'

const retention = { name: 'retention.ms', type: 'long' as const }
const cleanup = { name: 'cleanup.policy', type: 'list' as const }

test('a long is an integer within its type and its own bounds', () => {
  expect(findConfigValueFault(retention, '-1')).toBeUndefined()
  expect(findConfigValueFault(retention, '9223372036854775807')).toBeUndefined()
  expect(findConfigValueFault(retention, '-2')).toEqual({ code: 'belowMin', min: '-1' })
  expect(findConfigValueFault(retention, '9223372036854775808')).toMatchObject({ code: 'aboveMax' })
  expect(findConfigValueFault(retention, '7d')).toEqual({ code: 'notInteger' })
})

test('each entry of a list is one of those allowed', () => {
  expect(findConfigValueFault(cleanup, 'compact, delete')).toBeUndefined()
  expect(findConfigValueFault(cleanup, 'compact,keep')).toMatchObject({ code: 'notOneOf' })
})

test('a ratio is between zero and one', () => {
  const ratio = { name: 'min.cleanable.dirty.ratio', type: 'double' as const }
  expect(findConfigValueFault(ratio, '0.5')).toBeUndefined()
  expect(findConfigValueFault(ratio, '1.5')).toEqual({ code: 'aboveMax', max: '1' })
  expect(findConfigValueFault(ratio, 'half')).toEqual({ code: 'notNumber' })
})

test('a boolean is true or false in any case', () => {
  const preallocate = { name: 'preallocate', type: 'boolean' as const }
  expect(findConfigValueFault(preallocate, 'TRUE')).toBeUndefined()
  expect(findConfigValueFault(preallocate, '1')).toEqual({ code: 'notBoolean' })
})

test('what we have no rule for is left to the cluster', () => {
  expect(findConfigValueFault({ name: 'some.future.config', type: 'string' }, 'anything')).toBeUndefined()
})

import { expect, test } from 'vitest'
import { parseProperties } from '../../broker/config.ts'

test.each([
  ['a=b', { a: 'b' }],
  ['  a : b c  \n# a=x\n! a=y\n\nd e', { a: 'b c', d: 'e' }],
  ['a=one \\\n   two \\\n three\nb=2', { a: 'one two three', b: '2' }],
  ['a=ends with \\\\\nb=2', { a: 'ends with \\', b: '2' }],
  ['a=say \\"hi\\" \\u00e9\\n', { a: 'say "hi" é' }],
  ['a=', { a: '' }],
  ['a\\=b=c', { 'a=b': 'c' }],
  ['listeners=SASL_SSL://:9092,PLAINTEXT://[::1]:9093', { listeners: 'SASL_SSL://:9092,PLAINTEXT://[::1]:9093' }],
  [
    'x.jaas.config=a.B required \\\n  user_a="1" \\\n  user_b="2";\r\ny=z',
    { 'x.jaas.config': 'a.B required user_a="1" user_b="2";', y: 'z' },
  ],
])('reads %j as Java reads properties', (text, expected) => {
  expect(Object.fromEntries(parseProperties(text))).toEqual(expected)
})

import { expect, test } from 'vitest'
import type { RecordBytes } from '../../../lib/contract/record.ts'
import { decodeBytes } from '../../../lib/web/decode-bytes.ts'

function bytesOf(text: string, looksLike: RecordBytes['looksLike']): RecordBytes {
  const buffer = Buffer.from(text)
  return { base64: buffer.toString('base64'), sizeBytes: buffer.length, isTruncated: false, looksLike }
}

test('JSON is indented and a 64-bit number keeps every digit', () => {
  const decoded = decodeBytes(bytesOf('{"id":9007199254740993,"tags":[],"a":{"b":"x, {y}"}}', 'json'), 'auto')
  expect(decoded.text).toBe('{\n  "id": 9007199254740993,\n  "tags": [],\n  "a": {\n    "b": "x, {y}"\n  }\n}')
  expect(decoded.view).toBe('json')
})

test('what is not JSON is shown as text and says so', () => {
  expect(decodeBytes(bytesOf('{oops', 'text'), 'json')).toMatchObject({ text: '{oops', view: 'text', isFallback: true })
})

test('binary is dumped as hex with its printable characters', () => {
  expect(decodeBytes(bytesOf('\u0000AB', 'binary'), 'auto').text).toBe(`00000000  00 41 42${' '.repeat(39)}  .AB`)
})

test('text is UTF-8', () => {
  expect(decodeBytes(bytesOf('Übergröße', 'text'), 'auto').text).toBe('Übergröße')
})

import type { KafkaRecord, RecordBytes } from '../../contract/record.ts'
import type { DecodedRecord } from '../../kafka/record-batch.ts'

const keyBytesMax = 4 * 1024
const valueBytesMax = 64 * 1024
const headerBytesMax = 4 * 1024
const headersMax = 100

export function describeRecord(partition: number, record: DecodedRecord): KafkaRecord {
  return {
    partition,
    offset: record.offset.toString(),
    timestampMs: record.timestampMs,
    timestampType: record.timestampType,
    key: describeBytes(record.key, keyBytesMax),
    value: describeBytes(record.value, valueBytesMax),
    headers: record.headers
      .slice(0, headersMax)
      .map(({ key, value }) => ({ key, value: describeBytes(value, headerBytesMax) })),
    compression: record.compression,
  }
}

function describeBytes(bytes: Buffer | null, bytesMax: number): RecordBytes | null {
  if (bytes === null) return null
  const shown = bytes.subarray(0, bytesMax)
  return {
    base64: shown.toString('base64'),
    sizeBytes: bytes.length,
    isTruncated: shown.length < bytes.length,
    looksLike: looksLike(bytes, shown),
  }
}

function looksLike(bytes: Buffer, shown: Buffer): RecordBytes['looksLike'] {
  if (bytes.length === 0) return 'empty'
  const isTruncated = shown.length < bytes.length
  const text = decodeText(shown, isTruncated)
  if (text === undefined) return 'binary'
  if (!/^\s*[[{"]/.test(text)) return 'text'
  if (isTruncated) return 'json'
  try {
    JSON.parse(text)
    return 'json'
  } catch {
    return 'text'
  }
}

/** `undefined` when the bytes are not UTF-8, or hold control characters that no text has. */
function decodeText(bytes: Buffer, isTruncated: boolean): string | undefined {
  try {
    // The cut may go through a character: `stream` keeps its first bytes back.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isTruncated })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

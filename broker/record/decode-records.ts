import type { RecordBatch } from './record-batch.ts'
import { type RecordHeader, RecordReader } from './record-reader.ts'

export interface DecodedRecord {
  offset: number
  timestampMs: number
  key: Buffer | null
  value: Buffer | null
  headers: RecordHeader[]
}

/** All records of a batch. Keys and values are views: they keep the bytes they come from alive. */
export function decodeRecords(batch: RecordBatch): DecodedRecord[] {
  const reader = new RecordReader(batch)
  const records: DecodedRecord[] = []
  while (reader.next()) {
    records.push({
      offset: reader.offset,
      timestampMs: reader.timestampMs,
      key: reader.key,
      value: reader.value,
      headers: reader.readHeaders(),
    })
  }
  return records
}

import { ProtocolError } from '../protocol/protocol-error.ts'
import { buildBatch } from '../record/build-batch.ts'
import { buildSnapshotFooterBatch, buildSnapshotHeaderBatch, isSnapshotFooter } from '../record/control-records.ts'
import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'
import { type ImageRecords, recordsOfTopic } from './image-records.ts'
import { encodeMetadataRecord, type MetadataRecordBody } from './records.ts'
import type { TopicImage } from './topic-image.ts'

/** A snapshot holds everything below `endOffset`; `epoch` is that of the last record in it. */
export interface SnapshotId {
  readonly endOffset: number
  readonly epoch: number
}

const recordsPerBatch = 1_000

/**
 * A snapshot in Kafka's checkpoint form: a header, batches of records with offsets from 0 on, a footer. `pause` is awaited
 * from time to time, for a large image takes as long to write as to read.
 */
export async function encodeSnapshot(
  { others, topics }: ImageRecords,
  written: { epoch: number; lastTimestampMs: number; timestampMs: number },
  pause: () => Promise<void>,
): Promise<Buffer> {
  const { epoch, timestampMs } = written
  const batches = [buildSnapshotHeaderBatch({ ...written, partitionLeaderEpoch: epoch })]
  let baseOffset = 1
  for (const records of inBatches(others, topics)) {
    const values = records.map((record) => ({ key: null, value: encodeMetadataRecord(record) }))
    batches.push(buildBatch({ records: values, timestampMs, baseOffset, partitionLeaderEpoch: epoch }))
    baseOffset += records.length
    await pause()
  }
  batches.push(buildSnapshotFooterBatch({ timestampMs, baseOffset, partitionLeaderEpoch: epoch }))
  return Buffer.concat(batches)
}

function* inBatches(
  others: readonly MetadataRecordBody[],
  topics: readonly TopicImage[],
): Generator<MetadataRecordBody[], void, undefined> {
  let records: MetadataRecordBody[] = [...others]
  for (const topic of topics) {
    for (const record of recordsOfTopic(topic)) {
      records.push(record)
      if (records.length < recordsPerBatch) continue
      yield records
      records = []
    }
  }
  if (records.length > 0) yield records
}

/** The values of the records in a snapshot. Throws ProtocolError unless it is whole. */
export function decodeSnapshot(bytes: Buffer): Buffer[] {
  const values: Buffer[] = []
  let isEnded = false
  for (const batch of batchesIn(bytes)) {
    if (isEnded || !batch.hasValidChecksum()) throw new ProtocolError('Damaged metadata snapshot')
    if (batch.isControl) isEnded = isSnapshotFooter(batch)
    else for (const { value } of decodeRecords(batch)) if (value !== null) values.push(value)
  }
  if (!isEnded) throw new ProtocolError('Metadata snapshot without an end')
  return values
}

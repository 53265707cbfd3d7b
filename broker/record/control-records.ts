import { ProtocolError } from '../protocol/protocol-error.ts'
import { Writer } from '../protocol/writer.ts'
import { buildBatch } from './build-batch.ts'
import type { RecordBatch } from './record-batch.ts'
import { RecordReader } from './record-reader.ts'

/** The type in a control record's key: ControlRecordType in Apache Kafka. */
const controlTypes = {
  abort: 0,
  commit: 1,
  leaderChange: 2,
  snapshotHeader: 3,
  snapshotFooter: 4,
  kraftVersion: 5,
  kraftVoters: 6,
} as const

export interface EndTransactionMarker {
  isCommit: boolean
  coordinatorEpoch: number
}

/** The outcome of a transaction; undefined for other control batches. */
export function findEndTransactionMarker(batch: RecordBatch): EndTransactionMarker | undefined {
  const { type, value } = readControlRecord(batch)
  if (type !== controlTypes.abort && type !== controlTypes.commit) return undefined
  if (value === null || value.length < 6) throw new ProtocolError('End of transaction marker without its value')
  return { isCommit: type === controlTypes.commit, coordinatorEpoch: value.readInt32BE(2) }
}

/** What a new leader of a metadata log writes before anything else (LeaderChangeMessage 0). */
export function buildLeaderChangeBatch(change: {
  leaderId: number
  voterIds: readonly number[]
  partitionLeaderEpoch: number
  timestampMs: number
}): Buffer {
  const value = new Writer(64)
  value.int16(0)
  value.int32(change.leaderId)
  for (const voters of [change.voterIds, change.voterIds]) {
    value.compactArrayLength(voters.length)
    for (const voterId of voters) {
      value.int32(voterId)
      value.unsignedVarint(0)
    }
  }
  value.unsignedVarint(0)
  return buildBatch({
    records: [{ key: controlKey(controlTypes.leaderChange), value: value.toBuffer() }],
    timestampMs: change.timestampMs,
    partitionLeaderEpoch: change.partitionLeaderEpoch,
    isControl: true,
  })
}

/** What a metadata snapshot begins with (SnapshotHeaderRecord 0). */
export function buildSnapshotHeaderBatch(header: {
  lastTimestampMs: number
  timestampMs: number
  partitionLeaderEpoch: number
}): Buffer {
  const value = new Writer(16)
  value.int16(0)
  value.int64(header.lastTimestampMs)
  value.unsignedVarint(0)
  return buildSnapshotMark(controlTypes.snapshotHeader, value.toBuffer(), { ...header, baseOffset: 0 })
}

/** What a whole metadata snapshot ends with (SnapshotFooterRecord 0). */
export function buildSnapshotFooterBatch(footer: {
  timestampMs: number
  baseOffset: number
  partitionLeaderEpoch: number
}): Buffer {
  const value = new Writer(4)
  value.int16(0)
  value.unsignedVarint(0)
  return buildSnapshotMark(controlTypes.snapshotFooter, value.toBuffer(), footer)
}

export function isSnapshotFooter(batch: RecordBatch): boolean {
  return readControlRecord(batch).type === controlTypes.snapshotFooter
}

function buildSnapshotMark(
  type: number,
  value: Buffer,
  {
    timestampMs,
    baseOffset,
    partitionLeaderEpoch,
  }: { timestampMs: number; baseOffset: number; partitionLeaderEpoch: number },
): Buffer {
  const records = [{ key: controlKey(type), value }]
  return buildBatch({ records, timestampMs, baseOffset, partitionLeaderEpoch, isControl: true })
}

export function buildEndTransactionBatch(marker: {
  producerId: number
  producerEpoch: number
  isCommit: boolean
  coordinatorEpoch: number
  timestampMs: number
}): Buffer {
  const value = Buffer.alloc(6)
  value.writeInt32BE(marker.coordinatorEpoch, 2)
  return buildBatch({
    records: [{ key: controlKey(marker.isCommit ? controlTypes.commit : controlTypes.abort), value }],
    timestampMs: marker.timestampMs,
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    isTransactional: true,
    isControl: true,
  })
}

/** A control batch holds one record. */
function readControlRecord(batch: RecordBatch): { type: number; value: Buffer | null } {
  const record = new RecordReader(batch)
  if (!record.next()) throw new ProtocolError('Control batch without a record')
  const key = record.key
  if (key === null || key.length < 4) throw new ProtocolError('Control record without a type')
  return { type: key.readInt16BE(2), value: record.value }
}

function controlKey(type: number): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(type, 2)
  return key
}

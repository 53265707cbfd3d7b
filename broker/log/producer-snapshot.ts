import { crc32c } from '@node-rs/crc32'
import { writeInt64 } from '../protocol/int64.ts'
import { Reader } from '../protocol/reader.ts'
import { noSequence } from '../record/record-batch.ts'
import type { ProducedBatch, ProducerState } from './producer-states.ts'

const version = 1
const crcAt = 2
const entriesAt = 6
const entryBytes = 46
const sequenceCount = 2 ** 31

/**
 * The content of Kafka's `.snapshot` (ProducerSnapshot 1). Apache Kafka keeps only the last batch of each producer there, so
 * that a producer which sends an earlier one again after a restart is out of order. Here each batch has an entry, a
 * producer's last one last: of several entries Apache Kafka takes the last.
 */
export function encodeProducerSnapshot(producers: readonly ProducerState[]): Buffer {
  const count = producers.reduce((sum, { batches }) => sum + Math.max(batches.length, 1), 0)
  const bytes = Buffer.alloc(entriesAt + 4 + count * entryBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setInt16(0, version)
  view.setInt32(entriesAt, count)
  let at = entriesAt + 4
  for (const producer of producers) {
    const last = producer.batches.at(-1)
    for (const batch of producer.batches) {
      writeEntry(view, at, producer, batch, batch === last ? producer.currentTransactionFirstOffset : -1)
      at += entryBytes
    }
    if (last !== undefined) continue
    writeEntry(view, at, producer, undefined, producer.currentTransactionFirstOffset)
    at += entryBytes
  }
  view.setUint32(crcAt, crc32c(bytes.subarray(entriesAt)))
  return bytes
}

function writeEntry(
  view: DataView,
  at: number,
  { producerId, epoch, coordinatorEpoch, lastTimestampMs }: ProducerState,
  batch: ProducedBatch | undefined,
  currentTransactionFirstOffset: number,
): void {
  writeInt64(view, at, producerId)
  view.setInt16(at + 8, epoch)
  view.setInt32(at + 10, batch?.lastSequence ?? noSequence)
  writeInt64(view, at + 14, batch?.lastOffset ?? -1)
  view.setInt32(at + 22, batch === undefined ? 0 : batch.lastOffset - batch.baseOffset)
  writeInt64(view, at + 26, batch?.timestampMs ?? lastTimestampMs)
  view.setInt32(at + 34, coordinatorEpoch)
  writeInt64(view, at + 38, currentTransactionFirstOffset)
}

/** Undefined when the file was damaged. */
export function decodeProducerSnapshot(bytes: Buffer): ProducerState[] | undefined {
  if (bytes.length < entriesAt + 4 || bytes.readInt16BE(0) !== version) return undefined
  if (bytes.readUInt32BE(crcAt) !== crc32c(bytes.subarray(entriesAt))) return undefined
  const reader = new Reader(bytes.subarray(entriesAt))
  const count = reader.arrayLength(entryBytes)
  const producers = new Map<number, ProducerState>()
  for (let i = 0; i < count; i++) {
    const producer = readProducer(reader)
    const earlier = producers.get(producer.producerId)?.batches ?? []
    producers.set(producer.producerId, { ...producer, batches: [...earlier, ...producer.batches] })
  }
  return [...producers.values()]
}

function readProducer(reader: Reader): ProducerState {
  const producerId = reader.int64()
  const epoch = reader.int16()
  const lastSequence = reader.int32()
  const lastOffset = reader.int64()
  const offsetDelta = reader.int32()
  const timestampMs = reader.int64()
  const coordinatorEpoch = reader.int32()
  const currentTransactionFirstOffset = reader.int64()
  const firstSequence = (lastSequence - offsetDelta + sequenceCount) % sequenceCount
  const batch = { firstSequence, lastSequence, baseOffset: lastOffset - offsetDelta, lastOffset, timestampMs }
  return {
    producerId,
    epoch,
    batches: lastOffset < 0 ? [] : [batch],
    lastTimestampMs: timestampMs,
    coordinatorEpoch,
    currentTransactionFirstOffset,
  }
}

import { crc32c } from '@node-rs/crc32'
import { writeInt64 } from '../protocol/int64.ts'
import { Reader } from '../protocol/reader.ts'
import { noSequence } from '../record/record-batch.ts'
import type { ProducerState } from './producer-states.ts'

const version = 1
const crcAt = 2
const entriesAt = 6
const entryBytes = 46
const sequenceCount = 2 ** 31

/** The content of Kafka's `.snapshot` (ProducerSnapshot 1): of each producer its last batch only. */
export function encodeProducerSnapshot(producers: readonly ProducerState[]): Buffer {
  const bytes = Buffer.alloc(entriesAt + 4 + producers.length * entryBytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setInt16(0, version)
  view.setInt32(entriesAt, producers.length)
  for (const [i, producer] of producers.entries()) {
    const at = entriesAt + 4 + i * entryBytes
    const last = producer.batches.at(-1)
    writeInt64(view, at, producer.producerId)
    view.setInt16(at + 8, producer.epoch)
    view.setInt32(at + 10, last?.lastSequence ?? noSequence)
    writeInt64(view, at + 14, last?.lastOffset ?? -1)
    view.setInt32(at + 22, last === undefined ? 0 : last.lastOffset - last.baseOffset)
    writeInt64(view, at + 26, last?.timestampMs ?? producer.lastTimestampMs)
    view.setInt32(at + 34, producer.coordinatorEpoch)
    writeInt64(view, at + 38, producer.currentTransactionFirstOffset)
  }
  view.setUint32(crcAt, crc32c(bytes.subarray(entriesAt)))
  return bytes
}

/** Undefined when the file was damaged. */
export function decodeProducerSnapshot(bytes: Buffer): ProducerState[] | undefined {
  if (bytes.length < entriesAt + 4 || bytes.readInt16BE(0) !== version) return undefined
  if (bytes.readUInt32BE(crcAt) !== crc32c(bytes.subarray(entriesAt))) return undefined
  const reader = new Reader(bytes.subarray(entriesAt))
  const count = reader.arrayLength(entryBytes)
  return Array.from({ length: count }, () => readProducer(reader))
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

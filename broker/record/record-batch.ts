import { crc32c } from '@node-rs/crc32'
import { readInt64, writeInt64 } from '../protocol/int64.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'

/** baseOffset and length, which the length does not count. */
export const batchOverheadBytes = 12
export const batchHeaderBytes = 61
export const noTimestamp = -1
export const noProducerId = -1
export const noSequence = -1

const lengthAt = 8
const partitionLeaderEpochAt = 12
const magicAt = 16
const crcAt = 17
/** The checksum covers everything from here on, so base offset and leader epoch can be set without computing it again. */
const attributesAt = 21
const lastOffsetDeltaAt = 23
const baseTimestampAt = 27
const maxTimestampAt = 35
const producerIdAt = 43
const producerEpochAt = 51
const baseSequenceAt = 53
const recordCountAt = 57

const codecMask = 0x07
const logAppendTimeFlag = 0x08
const transactionalFlag = 0x10
const controlFlag = 0x20
const deleteHorizonFlag = 0x40

/**
 * The header of one record batch (format 2) inside a buffer that may hold many; `moveTo` points it at another one. What
 * it reads is only meaningful where `isComplete` and `hasKnownFormat` hold.
 */
export class RecordBatch {
  readonly buffer: Buffer
  readonly #view: DataView
  #position: number

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    this.#position = position
  }

  moveTo(position: number): this {
    this.#position = position
    return this
  }

  get position(): number {
    return this.#position
  }

  /** Where the next batch begins. */
  get end(): number {
    return this.#position + this.sizeBytes
  }

  /** Whether the buffer reaches far enough to say how long the batch is. */
  get hasLength(): boolean {
    return this.#position + batchOverheadBytes <= this.buffer.length
  }

  /** Whether the whole batch is in the buffer. */
  get isComplete(): boolean {
    if (this.#position + batchHeaderBytes > this.buffer.length) return false
    const size = this.sizeBytes
    return size >= batchHeaderBytes && this.#position + size <= this.buffer.length
  }

  get hasKnownFormat(): boolean {
    return this.#view.getInt8(this.#position + magicAt) === 2
  }

  get baseOffset(): number {
    return readInt64(this.#view, this.#position)
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta
  }

  get nextOffset(): number {
    return this.baseOffset + this.lastOffsetDelta + 1
  }

  /** With the header. Nonsense below 61 when the bytes are not a batch. */
  get sizeBytes(): number {
    return this.#view.getInt32(this.#position + lengthAt) + batchOverheadBytes
  }

  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(this.#position + partitionLeaderEpochAt)
  }

  get codec(): number {
    return this.#view.getInt16(this.#position + attributesAt) & codecMask
  }

  get hasLogAppendTime(): boolean {
    return this.#has(logAppendTimeFlag)
  }

  get isTransactional(): boolean {
    return this.#has(transactionalFlag)
  }

  get isControl(): boolean {
    return this.#has(controlFlag)
  }

  /** From when tombstones and markers may go (KIP-534): set by the first cleaning that could have dropped them. */
  get deleteHorizonMs(): number | undefined {
    return this.#has(deleteHorizonFlag) ? this.baseTimestampMs : undefined
  }

  get lastOffsetDelta(): number {
    return this.#view.getInt32(this.#position + lastOffsetDeltaAt)
  }

  get baseTimestampMs(): number {
    return readInt64(this.#view, this.#position + baseTimestampAt)
  }

  get maxTimestampMs(): number {
    return readInt64(this.#view, this.#position + maxTimestampAt)
  }

  get producerId(): number {
    return readInt64(this.#view, this.#position + producerIdAt)
  }

  get producerEpoch(): number {
    return this.#view.getInt16(this.#position + producerEpochAt)
  }

  get baseSequence(): number {
    return this.#view.getInt32(this.#position + baseSequenceAt)
  }

  /** Sequences wrap from 2^31-1 to 0. */
  get lastSequence(): number {
    const base = this.baseSequence
    return base === noSequence ? noSequence : addToSequence(base, this.lastOffsetDelta)
  }

  get recordCount(): number {
    return this.#view.getInt32(this.#position + recordCountAt)
  }

  /** The records, compressed by `codec`. */
  get payload(): Buffer {
    return this.buffer.subarray(this.#position + batchHeaderBytes, this.end)
  }

  get bytes(): Buffer {
    return this.buffer.subarray(this.#position, this.end)
  }

  hasValidChecksum(): boolean {
    return this.#view.getUint32(this.#position + crcAt) === this.#checksum()
  }

  /** What a leader does to a batch that it accepts. Both fields are outside the checksum. */
  assign(baseOffset: number, partitionLeaderEpoch: number): void {
    writeInt64(this.#view, this.#position, baseOffset)
    this.#view.setInt32(this.#position + partitionLeaderEpochAt, partitionLeaderEpoch)
  }

  setLogAppendTime(timestampMs: number): void {
    const attributes = this.#view.getInt16(this.#position + attributesAt)
    this.#view.setInt16(this.#position + attributesAt, attributes | logAppendTimeFlag)
    writeInt64(this.#view, this.#position + maxTimestampAt, timestampMs)
    this.#view.setUint32(this.#position + crcAt, this.#checksum())
  }

  #has(flag: number): boolean {
    return (this.#view.getInt16(this.#position + attributesAt) & flag) !== 0
  }

  #checksum(): number {
    return crc32c(this.buffer.subarray(this.#position + attributesAt, this.end))
  }
}

/**
 * The whole batches in a buffer, in order; a cut one at the end is left out. It yields the same view each time, moved on.
 * @throws ProtocolError when what is there is not a batch.
 */
export function* batchesIn(buffer: Buffer): Generator<RecordBatch, void, undefined> {
  const batch = new RecordBatch(buffer)
  while (batch.hasLength) {
    if (batch.sizeBytes < batchHeaderBytes) throw new ProtocolError(`Not a record batch at byte ${batch.position}`)
    if (!batch.isComplete) return
    if (!batch.hasKnownFormat) throw new ProtocolError(`Not a record batch of format 2 at byte ${batch.position}`)
    const next = batch.end
    yield batch
    batch.moveTo(next)
  }
}

const sequenceMax = 2 ** 31 - 1

export function addToSequence(sequence: number, increment: number): number {
  const rest = sequenceMax - sequence
  return increment <= rest ? sequence + increment : increment - rest - 1
}

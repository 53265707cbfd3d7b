import { RecordBatch } from '../../record/record-batch.ts'
import type { Segment } from '../segment.ts'

/** Writes batches to a new segment, some at a time. */
export class SegmentOutput {
  readonly #segment: Segment
  readonly #bufferBytes: number
  #pending: Buffer[] = []
  #pendingBytes = 0

  constructor(segment: Segment, bufferBytes: number) {
    this.#segment = segment
    this.#bufferBytes = bufferBytes
  }

  /** The bytes are copied: they may be a view of a buffer that is read into again. */
  async add(batch: Buffer): Promise<void> {
    this.#segment.add(new RecordBatch(batch))
    this.#pending.push(Buffer.from(batch))
    this.#pendingBytes += batch.length
    if (this.#pendingBytes >= this.#bufferBytes) await this.#write()
  }

  /** Afterwards the files survive a loss of power. The sparse indexes are written once the segment is in its place. */
  async finish(): Promise<void> {
    await this.#write()
    await this.#segment.file.sync()
    await this.#segment.transactions.save()
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return
    const position = this.#segment.writtenBytes
    await this.#segment.file.write(this.#pending, position)
    this.#segment.wroteUpTo(position + this.#pendingBytes)
    this.#pending = []
    this.#pendingBytes = 0
  }
}

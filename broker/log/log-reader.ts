import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { batchesIn } from '../record/record-batch.ts'
import type { LogSegments } from './log-segments.ts'
import type { ReadLoan } from './read-loan.ts'
import { readSegment, type SegmentRead } from './read-segment.ts'
import { reading } from './reading.ts'
import type { PartitionTail } from './tail-cache.ts'
import { findByTimestamp, type TimestampOffset } from './time-lookup.ts'
import type { AbortedTransaction } from './transaction-index.ts'

export interface LogRead {
  offset: number
  maxBytes: number
  /** Batches that end behind it are left out: the high watermark for consumers. */
  upToOffset: number
  /** Return the first batch even when it is larger than `maxBytes`. */
  atLeastOneBatch: boolean
  /** Memory that the reader gives back. Without it what he is given is his own. */
  loan?: ReadLoan | undefined
}

/** What is readable of a log now. */
export interface ReadableRange {
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly config: { readonly indexIntervalBytes: number }
}

/** Finds things in a log: in its tail in memory, or in its segments' files. */
export class LogReader {
  readonly #segments: LogSegments
  readonly #tail: PartitionTail
  readonly #range: ReadableRange

  constructor(segments: LogSegments, tail: PartitionTail, range: ReadableRange) {
    this.#segments = segments
    this.#tail = tail
    this.#range = range
  }

  read({ offset, maxBytes, upToOffset, atLeastOneBatch, loan }: LogRead): Buffer[] | Promise<Buffer[]> {
    const { logStartOffset, logEndOffset } = this.#range
    if (offset < logStartOffset || offset > logEndOffset) throw outOfRange(offset, this.#range)
    const limit = Math.min(upToOffset, logEndOffset)
    if (offset >= limit) return []
    if (offset >= this.#tail.startOffset) return this.#tail.read(offset, limit, maxBytes, atLeastOneBatch, loan)
    const { indexIntervalBytes } = this.#range.config
    const read = { offset, upToOffset: limit, bytesMax: maxBytes, atLeastOneBatch, indexIntervalBytes, loan }
    return reading(() => this.#readFiles(read))
  }

  findAborted(offset: number, read: readonly Buffer[]): AbortedTransaction[] {
    const last = read.at(-1)
    if (last === undefined || !this.#segments.hasAborted) return []
    let nextOffset = offset
    for (const batch of batchesIn(last)) nextOffset = batch.nextOffset
    return this.#segments.findAborted(offset, nextOffset)
  }

  offsetForTimestamp(timestampMs: number, upToOffset: number): Promise<TimestampOffset | undefined> {
    return reading(async () => {
      for (const segment of await this.#segments.loadUnknown()) {
        if (segment.maxTimestampMs < timestampMs) continue
        const found = await findByTimestamp(segment, timestampMs, this.#range.logStartOffset)
        if (found !== undefined) return found.offset < upToOffset ? found : undefined
      }
      return undefined
    })
  }

  offsetOfMaxTimestamp(): Promise<TimestampOffset | undefined> {
    return reading(async () => {
      let youngest = this.#segments.active
      for (const segment of (await this.#segments.loadUnknown()).toReversed()) {
        if (segment.maxTimestampMs >= youngest.maxTimestampMs) youngest = segment
      }
      if (youngest.maxTimestampMs < 0) return undefined
      return findByTimestamp(youngest, youngest.maxTimestampMs, this.#range.logStartOffset)
    })
  }

  async #readFiles(read: SegmentRead): Promise<Buffer[]> {
    let emptied: Buffer[] = []
    for (const segment of this.#segments.listFrom(read.offset)) {
      await this.#segments.load(segment)
      const bytes = await readSegment(segment, read)
      if (bytes === undefined) continue
      if (bytes.length === 0) break
      if (hasRecords(bytes)) return [...emptied, bytes]
      // Cleaning may leave of a segment its last batch alone, without records. Some clients ask for the same again when
      // nothing else comes.
      emptied = [...emptied, bytes]
    }
    return emptied
  }
}

export function outOfRange(offset: number, range: { logStartOffset: number; logEndOffset: number }): KafkaError {
  const message = `Offset ${offset} is not within ${range.logStartOffset} and ${range.logEndOffset}`
  return new KafkaError(errorCodes.OFFSET_OUT_OF_RANGE, message)
}

function hasRecords(batches: Buffer): boolean {
  for (const batch of batchesIn(batches)) if (batch.recordCount > 0) return true
  return false
}

import { RecordBatch } from '../record/record-batch.ts'
import type { ReadLoan } from './read-loan.ts'

const slabBytes = 256 * 1024
/** A read walks the headers of at most one run, so runs are short. */
const runBytesMax = 64 * 1024

/** Memory into which batches of all partitions are copied one after the other. */
export class Slab {
  readonly buffer: Buffer
  readonly batch: RecordBatch
  readonly owners = new Set<PartitionTail>()
  usedBytes = 0
  /** Writes to files that still take their bytes from here. */
  pendingWrites = 0
  /** Answers under way that refer to its bytes. */
  borrowers = 0
  /** Whether a reader was given a view who will not say when he is done with it. */
  isGivenAway = false

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes)
    this.batch = new RecordBatch(this.buffer)
  }
}

/**
 * The batches that a process appended last, whatever their partition, in at most `bytesMax` bytes: followers and live
 * consumers are served from here without touching a file. Batches are copied in, since a slice of what a socket
 * received keeps its whole 64 KB chunk alive. The oldest slab goes first.
 */
export class TailCache {
  readonly #bytesMax: number
  readonly #slabs: Slab[] = []
  #bytes = 0
  /** One that can be filled anew: V8 lets some 60 MB of dropped ones lie before it collects them. */
  #spare: Slab | undefined

  constructor({ bytesMax = 8 * 1024 * 1024 } = {}) {
    this.#bytesMax = bytesMax
  }

  /** Copies a batch to the end of `usedBytes` of the slab that is returned. Undefined when it is too large to keep. */
  place(bytes: Buffer): Slab | undefined {
    if (bytes.length > this.#bytesMax / 4) return undefined
    let slab = this.#slabs.at(-1)
    if (slab === undefined || bytes.length > slab.buffer.length - slab.usedBytes) slab = this.#addSlab(bytes.length)
    slab.buffer.set(bytes, slab.usedBytes)
    slab.usedBytes += bytes.length
    return slab
  }

  #addSlab(bytesMin: number): Slab {
    const bytes = Math.max(bytesMin, Math.min(slabBytes, this.#bytesMax / 4))
    while (this.#bytes + bytes > this.#bytesMax) this.#dropOldestSlab()
    const slab = this.#takeSpare(bytes) ?? new Slab(bytes)
    this.#bytes += bytes
    this.#slabs.push(slab)
    return slab
  }

  #takeSpare(bytes: number): Slab | undefined {
    const spare = this.#spare
    if (spare?.buffer.length !== bytes) return undefined
    this.#spare = undefined
    return spare
  }

  #dropOldestSlab(): void {
    const slab = this.#slabs.shift()
    if (slab === undefined) return
    this.#bytes -= slab.buffer.length
    for (const owner of slab.owners) owner.drop(slab)
    if (slab.isGivenAway || slab.borrowers > 0 || slab.pendingWrites > 0) return
    slab.owners.clear()
    slab.usedBytes = 0
    this.#spare = slab
  }
}

/** Batches of one partition that follow each other in one slab. */
interface Run {
  slab: Slab
  start: number
  end: number
  baseOffset: number
  nextOffset: number
}

/** The part of the cache that belongs to one partition: its last batches, without gaps up to the log's end. */
export class PartitionTail {
  readonly #cache: TailCache
  #runs: Run[] = []

  constructor(cache: TailCache) {
    this.#cache = cache
  }

  /** The slab that now ends with the batch; undefined when it is not kept, and then nothing before it is. */
  append(bytes: Buffer, baseOffset: number, nextOffset: number): Slab | undefined {
    const slab = this.#cache.place(bytes)
    if (slab === undefined) {
      this.clear()
      return undefined
    }
    const start = slab.usedBytes - bytes.length
    const last = this.#runs.at(-1)
    if (last?.slab === slab && last.end === start && slab.usedBytes - last.start <= runBytesMax) {
      last.end = slab.usedBytes
      last.nextOffset = nextOffset
      return slab
    }
    this.#runs.push({ slab, start, end: slab.usedBytes, baseOffset, nextOffset })
    slab.owners.add(this)
    return slab
  }

  /** The first offset it can serve. */
  get startOffset(): number {
    return this.#runs[0]?.baseOffset ?? Number.POSITIVE_INFINITY
  }

  /** Whole batches that end at or before `upToOffset`, from the one that contains `offset`, which must not be below `startOffset`. */
  read(offset: number, upToOffset: number, bytesMax: number, atLeastOneBatch: boolean, loan?: ReadLoan): Buffer[] {
    const buffers: Buffer[] = []
    let bytesLeft = bytesMax
    for (let i = this.#runWith(offset); i < this.#runs.length; i++) {
      const run = this.#runs[i]
      if (run === undefined) break
      const isFirst = buffers.length === 0
      const start = isFirst ? startWithin(run, offset) : run.start
      const end = endWithin(run, start, upToOffset, bytesLeft, isFirst && atLeastOneBatch)
      if (end > start) {
        if (loan === undefined) run.slab.isGivenAway = true
        else loan.borrow(run.slab)
        buffers.push(run.slab.buffer.subarray(start, end))
      }
      if (end < run.end) break
      bytesLeft -= end - start
    }
    return buffers
  }

  clear(): void {
    if (this.#runs.length === 0) return
    for (const run of this.#runs) run.slab.owners.delete(this)
    this.#runs = []
  }

  /** Forgets what begins before `offset`: cleaning has left less of it in the files. */
  dropBefore(offset: number): void {
    this.#runs = this.#runs.filter((run) => run.baseOffset >= offset)
  }

  drop(slab: Slab): void {
    this.#runs = this.#runs.filter((run) => run.slab !== slab)
  }

  #runWith(offset: number): number {
    let i = this.#runs.length - 1
    while (i > 0 && (this.#runs[i]?.baseOffset ?? 0) > offset) i--
    return i
  }
}

function startWithin(run: Run, offset: number): number {
  const batch = run.slab.batch.moveTo(run.start)
  while (batch.position < run.end && batch.lastOffset < offset) batch.moveTo(batch.end)
  return batch.position
}

function endWithin(run: Run, start: number, upToOffset: number, bytesMax: number, atLeastOneBatch: boolean): number {
  // The common case of a whole run needs no walk.
  if (run.nextOffset <= upToOffset && run.end - start <= bytesMax) return run.end
  const batch = run.slab.batch.moveTo(start)
  while (batch.position < run.end && batch.nextOffset <= upToOffset) {
    const isFirst = atLeastOneBatch && batch.position === start
    if (!isFirst && batch.end - start > bytesMax) break
    batch.moveTo(batch.end)
  }
  return batch.position
}

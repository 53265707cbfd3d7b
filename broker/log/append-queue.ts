import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { Segment } from './segment.ts'
import type { Slab } from './tail-cache.ts'

export interface AppendQueueOptions {
  /** Called in order, after the bytes up to `nextOffset` are written. */
  onWritten: (nextOffset: number) => void
  /** Must be done before the next batch reaches the file; undefined when there is nothing to do. */
  beforeWrite: () => Promise<void> | undefined
  /** Records after which the file is synced before they count as written. */
  flushMessages: () => number
  /** Makes what is written to the segment survive a loss of power. */
  sync: (segment: Segment) => Promise<void>
  /** Called once, with what made the queue fail. */
  onFailure: (cause: unknown) => void
}

/**
 * Writes what a partition appends, in order, one write at a time: what arrives while a write is in flight joins the next
 * one (group commit). The first failure is final: everything queued and everything later is refused, so that no hole can
 * follow. What it holds is bounded by what connections may have in flight.
 */
export class AppendQueue {
  readonly #options: AppendQueueOptions
  #pending: (WriteGroup | Task)[] = []
  #inFlight: WriteGroup | undefined
  #running: Promise<void> | undefined
  #failure: KafkaError | undefined
  #unsyncedRecords = 0

  constructor(options: AppendQueueOptions) {
    this.#options = options
  }

  get failure(): KafkaError | undefined {
    return this.#failure
  }

  /**
   * Queues a batch for `position` of a segment. With a slab, the batch's bytes are the last ones of it.
   * @returns a promise shared by all that is written together; rejects with KAFKA_STORAGE_ERROR.
   */
  add(append: {
    segment: Segment
    position: number
    bytes: Buffer
    slab: Slab | undefined
    baseOffset: number
    nextOffset: number
  }): Promise<void> {
    const { segment, position, bytes, slab, baseOffset, nextOffset } = append
    let group = this.#pending.at(-1)
    if (!(group instanceof WriteGroup) || group.segment !== segment) {
      group = new WriteGroup(segment, position, baseOffset)
      this.#pending.push(group)
    }
    if (slab === undefined) group.addBytes(bytes)
    else group.addFromSlab(slab, bytes.length)
    group.recordCount += nextOffset - baseOffset
    group.nextOffset = nextOffset
    this.#running ??= this.#run()
    return group.written
  }

  /** Queues something to do between two writes. Resolves when it is done or the queue has failed. */
  addTask(task: () => Promise<void>): Promise<void> {
    const { promise, resolve } = withResolvers()
    this.#pending.push(new Task(task, resolve))
    this.#running ??= this.#run()
    return promise
  }

  /** When the batch that ends at `lastOffset` is written. */
  writtenUpTo(lastOffset: number): Promise<void> {
    if (this.#inFlight !== undefined && this.#inFlight.nextOffset > lastOffset) return this.#inFlight.written
    for (const item of this.#pending) {
      if (item instanceof WriteGroup && item.nextOffset > lastOffset) return item.written
    }
    return Promise.resolve()
  }

  /** Resolves when nothing is queued; does not reject. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  fail(cause: unknown): void {
    if (this.#failure !== undefined) return
    const failure = new KafkaError(errorCodes.KAFKA_STORAGE_ERROR, 'The partition is offline after a failed write', {
      cause,
    })
    this.#failure = failure
    this.#inFlight?.reject(failure)
    for (const item of this.#pending) item.reject(failure)
    this.#pending = []
    this.#options.onFailure(cause)
  }

  async #run(): Promise<void> {
    // What the rest of this turn of the event loop appends joins the first write.
    await Promise.resolve()
    try {
      for (let item = this.#pending.shift(); item !== undefined; item = this.#pending.shift()) {
        if (item instanceof WriteGroup) await this.#write(item)
        else await item.run()
      }
    } catch (error) {
      this.fail(error)
    } finally {
      this.#inFlight = undefined
      this.#running = undefined
    }
  }

  async #write(group: WriteGroup): Promise<void> {
    this.#inFlight = group
    const preparation = this.#options.beforeWrite()
    if (preparation !== undefined) await preparation
    const buffers = group.takeBuffers()
    await group.segment.file.write(buffers, group.position)
    group.releaseSlabs()
    this.#unsyncedRecords += group.recordCount
    if (this.#unsyncedRecords >= this.#options.flushMessages()) {
      await this.#options.sync(group.segment)
      this.#unsyncedRecords = 0
    }
    // A failure elsewhere (of the segment before) has already refused these.
    if (this.#failure !== undefined) return
    group.segment.wroteUpTo(group.position + group.sizeBytes)
    this.#inFlight = undefined
    this.#options.onWritten(group.nextOffset)
    group.resolve()
  }
}

class Task {
  readonly #task: () => Promise<void>
  readonly #done: () => void

  constructor(task: () => Promise<void>, done: () => void) {
    this.#task = task
    this.#done = done
  }

  async run(): Promise<void> {
    try {
      await this.#task()
    } finally {
      this.#done()
    }
  }

  /** Whoever waits looks at the queue's failure himself. */
  reject(): void {
    this.#done()
  }
}

/** Batches for consecutive bytes of one segment, written together. */
class WriteGroup {
  readonly segment: Segment
  readonly position: number
  readonly written: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: KafkaError) => void
  nextOffset: number
  sizeBytes = 0
  recordCount = 0
  readonly #buffers: Buffer[] = []
  readonly #slabs: Slab[] = []
  /** Adjoining batches of one slab become one buffer. */
  #slab: Slab | undefined
  #slabStart = 0
  #slabEnd = 0

  constructor(segment: Segment, position: number, baseOffset: number) {
    const { promise, resolve, reject } = withResolvers()
    // With acks 0 nobody waits.
    promise.catch(() => undefined)
    this.segment = segment
    this.position = position
    this.nextOffset = baseOffset
    this.written = promise
    this.resolve = resolve
    this.reject = reject
  }

  addBytes(bytes: Buffer): void {
    this.#closeSlab()
    this.#buffers.push(bytes)
    this.sizeBytes += bytes.length
  }

  addFromSlab(slab: Slab, length: number): void {
    const start = slab.usedBytes - length
    if (slab !== this.#slab || start !== this.#slabEnd) {
      this.#closeSlab()
      this.#slab = slab
      this.#slabStart = start
      this.#slabs.push(slab)
      slab.pendingWrites++
    }
    this.#slabEnd = slab.usedBytes
    this.sizeBytes += length
  }

  takeBuffers(): Buffer[] {
    this.#closeSlab()
    return this.#buffers
  }

  releaseSlabs(): void {
    for (const slab of this.#slabs) slab.pendingWrites--
  }

  #closeSlab(): void {
    if (this.#slab !== undefined) this.#buffers.push(this.#slab.buffer.subarray(this.#slabStart, this.#slabEnd))
    this.#slab = undefined
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: KafkaError) => void } {
  let resolve: () => void = () => undefined
  let reject: (error: KafkaError) => void = () => undefined
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

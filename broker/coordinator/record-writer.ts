import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { NewRecord } from '../record/build-batch.ts'
import { coordinatorErrorOf, isAppended } from './coordinator-error.ts'

/** Well below the default max.message.bytes of 1 MiB; a single write may be larger and stand alone. */
const batchBytesMax = 256 * 1024
const queuedWritesMax = 10_000

export interface Written {
  readonly errorCode: ErrorCode
  /** The state must follow the log, even where the client was told to try again. */
  readonly isInLog: boolean
  /** Where the log has the first of the records; -1 when it has not acknowledged them. */
  readonly offset: number
}

interface Write {
  readonly records: readonly NewRecord[]
  /** How it gets to the log when not with others. */
  readonly append?: () => Promise<number>
  readonly onWritten: (written: Written) => void
}

function notWritten(errorCode: ErrorCode): Written {
  return { errorCode, isInLog: false, offset: -1 }
}

/**
 * Appends the records of one partition in order, one batch at a time: what arrives while a batch waits for its replicas
 * goes into the next one. Callbacks run in the order of the writes.
 */
export class RecordWriter {
  readonly #appendRecords: (records: readonly NewRecord[]) => Promise<number>
  readonly #queue: Write[] = []
  #draining: Promise<void> | undefined
  #closedBy: ErrorCode | undefined

  /** `append` resolves with the offset of the first record. */
  constructor(append: (records: readonly NewRecord[]) => Promise<number>) {
    this.#appendRecords = append
  }

  /** `onWritten` never runs inside this call. */
  write(records: readonly NewRecord[], onWritten: (written: Written) => void): void {
    this.#enqueue({ records, onWritten })
  }

  /** As `write`, in a batch of its own, which `append` brings to the log. */
  writeAlone(append: () => Promise<number>, onWritten: (written: Written) => void): void {
    this.#enqueue({ records: [], append, onWritten })
  }

  /** Resolves when everything written so far is done. */
  async settled(): Promise<void> {
    if (this.#draining !== undefined) await new Promise<void>((resolve) => this.write([], () => resolve()))
  }

  /** What is not on its way to the log yet, and whatever is still asked for, is not written: it ends with this error. */
  close(errorCode: ErrorCode): void {
    this.#closedBy ??= errorCode
  }

  #enqueue(write: Write): void {
    const isFull = this.#queue.length >= queuedWritesMax
    const refusal = this.#closedBy ?? (isFull ? errorCodes.COORDINATOR_NOT_AVAILABLE : undefined)
    if (refusal !== undefined) {
      queueMicrotask(() => write.onWritten(notWritten(refusal)))
      return
    }
    this.#queue.push(write)
    this.#draining ??= this.#drain()
  }

  async #drain(): Promise<void> {
    // Writes of the same turn of the event loop share a batch from the first on.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const writes = this.#takeBatch()
      const written = await this.#append(writes)
      let { offset } = written
      for (const { records, onWritten } of writes) {
        onWritten({ ...written, offset })
        if (offset !== -1) offset += records.length
      }
    }
    this.#draining = undefined
  }

  #takeBatch(): Write[] {
    let bytes = 0
    let count = 0
    for (const { records, append } of this.#queue) {
      if (append !== undefined) {
        count = Math.max(count, 1)
        break
      }
      bytes += records.reduce((sum, record) => sum + (record.key?.length ?? 0) + (record.value?.length ?? 0), 0)
      if (count > 0 && bytes > batchBytesMax) break
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #append(writes: readonly Write[]): Promise<Written> {
    if (this.#closedBy !== undefined) return notWritten(this.#closedBy)
    const records = writes.flatMap(({ records }) => records)
    const append = writes[0]?.append
    if (records.length === 0 && append === undefined) return { errorCode: errorCodes.NONE, isInLog: true, offset: -1 }
    try {
      const offset = await (append === undefined ? this.#appendRecords(records) : append())
      return { errorCode: errorCodes.NONE, isInLog: true, offset }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { errorCode: coordinatorErrorOf(error), isInLog: isAppended(error), offset: -1 }
    }
  }
}

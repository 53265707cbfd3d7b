import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { StateBatch } from './delivery-state.ts'

interface Write {
  readonly batches: readonly StateBatch[]
  readonly resolve: (errorCode: ErrorCode) => void
}

/**
 * Writes what changes in one share partition, in order and one write at a time: what changes meanwhile goes into the next
 * one.
 */
export class ShareStateWriter {
  readonly #send: (batches: readonly StateBatch[]) => Promise<void>
  #queue: Write[] = []
  #isWriting = false

  /** `send` rejects with KafkaError. */
  constructor(send: (batches: readonly StateBatch[]) => Promise<void>) {
    this.#send = send
  }

  /** Resolves with NONE once the share coordinator has it. */
  write(batches: readonly StateBatch[]): Promise<ErrorCode> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ batches, resolve })
      if (!this.#isWriting) this.#drain().catch(reject)
    })
  }

  async #drain(): Promise<void> {
    this.#isWriting = true
    while (this.#queue.length > 0) {
      const writes = this.#queue
      this.#queue = []
      const errorCode = await this.#attempt(writes.flatMap(({ batches }) => batches))
      for (const { resolve } of writes) resolve(errorCode)
    }
    this.#isWriting = false
  }

  async #attempt(batches: readonly StateBatch[]): Promise<ErrorCode> {
    try {
      await this.#send(batches)
      return errorCodes.NONE
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return error.code
    }
  }
}

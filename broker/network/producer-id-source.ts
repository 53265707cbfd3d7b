import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { AllocateProducerIdsResponse } from '../protocol/messages/67-allocate-producer-ids.ts'

/** Hands out producer ids from blocks that the controller gives this broker, so that ids are unique in the cluster. */
export class ProducerIdSource {
  readonly #allocate: () => Promise<AllocateProducerIdsResponse>
  #next = 0
  #end = 0
  #allocating: Promise<void> | undefined

  constructor(allocate: () => Promise<AllocateProducerIdsResponse>) {
    this.#allocate = allocate
  }

  /** Rejects with a KafkaError that clients answer by asking again when no block is to be had. */
  async take(): Promise<number> {
    while (this.#next === this.#end) {
      this.#allocating ??= this.#allocateBlock().finally(() => {
        this.#allocating = undefined
      })
      await this.#allocating
    }
    return this.#next++
  }

  async #allocateBlock(): Promise<void> {
    const block = await this.#allocate().catch((cause) => {
      throw new KafkaError(errorCodes.COORDINATOR_LOAD_IN_PROGRESS, 'No controller to get producer ids from', { cause })
    })
    if (block.errorCode !== errorCodes.NONE) throw new KafkaError(errorCodes.COORDINATOR_LOAD_IN_PROGRESS)
    this.#next = block.producerIdStart
    this.#end = block.producerIdStart + block.producerIdLen
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type BrokerConnection, ConnectionLost } from '../../../broker/network/connection.ts'
import { errorCodes, isRetriable } from '../../../broker/protocol/errors.ts'
import { produce } from '../../../broker/protocol/messages/00-produce.ts'
import { batchOf, type ClusterClient, produceRequest, RefusedError } from './cluster-client.ts'

const retryMs = 10
const recordsInBatch = 3

/**
 * Writes the numbers from 0 on to one partition with acks=all, without a pause, until it is stopped: what is not
 * acknowledged is sent again, in the same order. An idempotent one keeps five requests in flight, as Java's does;
 * another one only one, since nothing else would put its retries in order.
 */
export class NumberedProducer {
  readonly topic: string
  readonly index: number
  readonly isIdempotent: boolean
  /** Every number below it is acknowledged. */
  acknowledged = 0
  /** No number from here on was ever sent. */
  sent = 0
  #longestGapMs = 0
  #acknowledgedAtMs = performance.now()
  readonly #client: ClusterClient
  #isStopping = false
  #isAbandoned = false
  readonly #running: Promise<void>

  constructor(client: ClusterClient, options: { topic: string; index: number; isIdempotent: boolean }) {
    this.#client = client
    this.topic = options.topic
    this.index = options.index
    this.isIdempotent = options.isIdempotent
    this.#running = this.#run()
    // Reported by `stop`.
    this.#running.catch(() => undefined)
  }

  /** The longest time without an acknowledgement since `forgetGaps`, the one that still lasts included. */
  get longestGapMs(): number {
    return Math.max(this.#longestGapMs, performance.now() - this.#acknowledgedAtMs)
  }

  forgetGaps(): void {
    this.#longestGapMs = 0
    this.#acknowledgedAtMs = performance.now()
  }

  /** Resolves when all that was sent is acknowledged. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running
  }

  /** Gives up what is not acknowledged: its brokers will not come back. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true
    await this.stop()
  }

  async #run(): Promise<void> {
    const producer = this.isIdempotent ? await this.#client.allocateProducer() : undefined
    const inFlightMax = this.isIdempotent ? 5 : 1
    const unacknowledged: Buffer[] = []
    while (!this.#isStopping || (unacknowledged.length > 0 && !this.#isAbandoned)) {
      try {
        await this.#withLeader(async (connection) => {
          const answers = unacknowledged.map((batch) => this.#send(connection, batch))
          while (answers.length > 0 || !this.#isStopping) {
            while (answers.length < inFlightMax && !this.#isStopping) {
              const numbers = Array.from({ length: recordsInBatch }, (_, i) => String(this.sent + i))
              const batch = batchOf(numbers, producer && { ...producer, baseSequence: this.sent })
              this.sent += recordsInBatch
              unacknowledged.push(batch)
              answers.push(this.#send(connection, batch))
            }
            await answers.shift()
            unacknowledged.shift()
            this.#noteAcknowledged(recordsInBatch)
          }
        })
      } catch (error) {
        if (!isTransient(error)) throw error
        await sleep(retryMs)
      }
    }
  }

  async #withLeader(use: (connection: BrokerConnection) => Promise<void>): Promise<void> {
    const { leaderId } = await this.#client.requirePartition(this.topic, this.index)
    if (leaderId === -1) throw new RefusedError(errorCodes.LEADER_NOT_AVAILABLE)
    const connection = await this.#client.connectAlone(leaderId)
    try {
      await use(connection)
    } finally {
      connection.close()
    }
  }

  #send(connection: BrokerConnection, batch: Buffer): Promise<void> {
    const request = produceRequest(this.topic, this.index, batch, -1)
    const sent = connection.send(produce, 12, request, { timeoutMs: 15_000 })
    const answered = sent.then((answer) => {
      const errorCode = answer.responses[0]?.partitionResponses[0]?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR
      const isWritten = errorCode === errorCodes.NONE || errorCode === errorCodes.DUPLICATE_SEQUENCE_NUMBER
      if (!isWritten) throw new RefusedError(errorCode)
    })
    // One that fails while an earlier one is waited for is reported in its turn, or not at all.
    answered.catch(() => undefined)
    return answered
  }

  #noteAcknowledged(records: number): void {
    const nowMs = performance.now()
    this.#longestGapMs = Math.max(this.#longestGapMs, nowMs - this.#acknowledgedAtMs)
    this.#acknowledgedAtMs = nowMs
    this.acknowledged += records
  }
}

/** What a retry may cure. A sequence that is out of order is: one of the batches before it was refused. */
function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true
  if (!(error instanceof RefusedError)) return false
  return error.errorCode === errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER || isRetriable(error.errorCode)
}

import type { BrokerConnection } from '../../broker/network/connection.ts'
import { errorCodes } from '../../broker/protocol/errors.ts'
import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { initProducerId } from '../../broker/protocol/messages/22-init-producer-id.ts'
import { buildBatch, type NewBatch } from '../../broker/record/build-batch.ts'
import type { Ledger, LedgerPartition } from './ledger.ts'
import type { Random } from './random.ts'
import { Refused, requireNone, type SimulatedClient } from './simulated-client.ts'

export interface ProducerPlan {
  readonly acks: -1 | 0 | 1
  readonly isIdempotent: boolean
  /** Between two batches, on average. */
  readonly pauseMs: number
  /** Now and then a record is this long. */
  readonly recordBytesMax: number
}

interface Unacknowledged {
  readonly batch: Buffer
  readonly values: readonly string[]
  attempts: number
}

/**
 * Writes numbered records to one partition. What is not acknowledged is sent again in the same order, by an idempotent
 * producer with up to five requests in flight, by another one with one. With acks=0 nothing is awaited.
 */
export class Producer {
  readonly #client: SimulatedClient
  readonly #ledger: Ledger
  readonly #partition: LedgerPartition
  readonly #plan: ProducerPlan
  readonly #random: Random
  readonly #name: string
  readonly #unacknowledged: Unacknowledged[] = []
  #next = 0
  #isStopping = false
  /** What it had written before is gone, as it may be there: it cannot go on where it was. */
  #isLost = false
  isDone = false

  constructor(client: SimulatedClient, ledger: Ledger, partition: LedgerPartition, plan: ProducerPlan) {
    this.#client = client
    this.#ledger = ledger
    this.#partition = partition
    this.#plan = plan
    this.#random = client.machine.random.fork()
    this.#name = client.name
    if (plan.isIdempotent) ledger.idempotentProducers.add(this.#name)
    void this.#run()
  }

  /** It is done when all that was sent is acknowledged. */
  stop(): void {
    this.#isStopping = true
  }

  async #run(): Promise<void> {
    const isOver = () =>
      this.#isLost || this.#partition.isDeleted || (this.#isStopping && this.#unacknowledged.length === 0)
    const producer = this.#plan.isIdempotent ? await this.#client.persist(isOver, () => this.#takeId()) : undefined
    while (!isOver()) await this.#client.persist(isOver, () => this.#writeToLeader(producer, isOver))
    this.isDone = true
  }

  async #takeId(): Promise<Partial<NewBatch>> {
    const request = { transactionalId: null, transactionTimeoutMs: 0, producerEpoch: -1 }
    const { errorCode, producerId, producerEpoch } = await this.#client.sendToAny(initProducerId, 4, request)
    requireNone(errorCode)
    return { producerId, producerEpoch }
  }

  async #writeToLeader(producer: Partial<NewBatch> | undefined, isOver: () => boolean): Promise<void> {
    const { leaderId } = await this.#client.findLeader(this.#partition)
    const connection = await this.#client.connect(leaderId)
    try {
      await this.#write(connection, leaderId, producer, isOver)
    } finally {
      connection.close()
    }
  }

  async #write(
    connection: BrokerConnection,
    leaderId: number,
    producer: Partial<NewBatch> | undefined,
    isOver: () => boolean,
  ): Promise<void> {
    const inFlightMax = this.#plan.isIdempotent ? 5 : 1
    const answers = this.#unacknowledged.slice(0, inFlightMax).map((sent) => this.#send(connection, leaderId, sent))
    while (!isOver()) {
      while (answers.length < Math.min(inFlightMax, this.#unacknowledged.length)) {
        const next = this.#unacknowledged[answers.length]
        if (next !== undefined) answers.push(this.#send(connection, leaderId, next))
      }
      if (!this.#isStopping && this.#unacknowledged.length < inFlightMax && this.#random.chance(0.6)) {
        const next = this.#makeBatch(producer)
        this.#unacknowledged.push(next)
        answers.push(this.#send(connection, leaderId, next))
      } else if (answers.length > 0) await this.#takeAnswer(answers)
      else await this.#client.sleep(this.#plan.pauseMs * this.#random.between(0, 2))
    }
  }

  async #takeAnswer(answers: Promise<number>[]): Promise<void> {
    const baseOffset = await answers.shift()
    const sent = this.#unacknowledged.shift()
    if (sent === undefined || baseOffset === undefined) return
    if (this.#plan.acks === -1 && baseOffset >= 0) {
      this.#ledger.noteAcknowledged(this.#partition, baseOffset, sent.values)
    }
  }

  #makeBatch(producer: Partial<NewBatch> | undefined): Unacknowledged {
    const baseSequence = this.#next
    const values = Array.from({ length: 1 + this.#random.integer(3) }, (_, i) => `${this.#name}#${baseSequence + i}`)
    this.#next += values.length
    const padding = this.#random.chance(0.05) ? this.#random.integer(this.#plan.recordBytesMax) : 0
    const records = values.map((value) => ({ key: Buffer.alloc(padding), value: Buffer.from(value) }))
    const timestampMs = this.#client.process.clock.nowMs()
    const sequence = producer === undefined ? {} : { ...producer, baseSequence }
    return { batch: buildBatch({ records, timestampMs, ...sequence }), values, attempts: 0 }
  }

  /** Resolves with the batch's offset, -1 where none is told. */
  #send(connection: BrokerConnection, leaderId: number, sent: Unacknowledged): Promise<number> {
    const { acks } = this.#plan
    const { topicId, index } = this.#partition
    const isFirst = sent === this.#unacknowledged[0]
    sent.attempts += 1
    const request = {
      acks,
      timeoutMs: 3_000,
      topicData: [{ topicId, partitionData: [{ index, records: sent.batch }] }],
    }
    const sending = this.#client.sendOn(connection, leaderId, produce, 13, request)
    if (acks === 0) {
      // No answer comes; the request's time-out closes the connection after a while, as a restarting producer would.
      sending.catch(() => undefined)
      return Promise.resolve(-1)
    }
    const answered = sending.then((answer) => {
      const partition = answer.responses[0]?.partitionResponses[0]
      if (partition?.errorCode === errorCodes.DUPLICATE_SEQUENCE_NUMBER) return -1
      if (partition !== undefined && partition.errorCode !== errorCodes.NONE) {
        this.#judge(partition.errorCode, sent, isFirst)
      }
      requireNone(partition?.errorCode)
      return partition?.baseOffset ?? -1
    })
    // One that fails while an earlier one is waited for is reported in its turn, or not at all.
    answered.catch(() => undefined)
    return answered
  }

  /** With acks=all everything before the first unacknowledged batch is known to every leader, and so is its sequence. */
  #judge(errorCode: number, sent: Unacknowledged, isFirst: boolean): void {
    const { mayLose, topic, index } = this.#partition
    const refusal = new Refused(errorCode)
    this.#client.tell(`${sent.values[0]} to ${topic}-${index} is refused: ${refusal.message}`)
    const isAboutSequence =
      errorCode === errorCodes.OUT_OF_ORDER_SEQUENCE_NUMBER || errorCode === errorCodes.UNKNOWN_PRODUCER_ID
    if (isAboutSequence && isFirst && mayLose) this.#isLost = true
    else if (isAboutSequence && isFirst) {
      this.#client.machine.violate(`${this.#name}: ${sent.values[0]} to ${topic}-${index}: ${refusal.message}`)
    }
    if (errorCode === errorCodes.UNKNOWN_SERVER_ERROR || errorCode === errorCodes.CORRUPT_MESSAGE) {
      this.#client.machine.violate(`${this.#name}: ${refusal.message} for ${sent.values[0]} to ${topic}-${index}`)
    }
  }
}

import { type Scheduler, sleep } from '../clock.ts'
import type { Verification } from '../log/transaction-verifications.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { Partition } from './partition.ts'
import type { TransactionVerifier } from './transaction-verifier.ts'

/** The coordinator may still be writing the markers of the producer's transaction before: as long as Kafka waits. */
const concurrentRetryMs = 20
const concurrentWaitMsMax = 100

export interface TransactionalProducer {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly mode: 'verify' | 'add'
}

export interface Admission {
  /** Of AddPartitionsToTxn, as the coordinator answered. */
  readonly errorCode: ErrorCode
  /** For the append of a transaction's first batch. */
  readonly verification: Verification | undefined
}

interface Question extends TransactionalProducer {
  readonly partitions: Partition[]
  readonly answer: Promise<readonly ErrorCode[]>
}

/**
 * Lets the first batch of a transaction into a partition once the coordinator knows of it, later ones at once. Batches of one
 * producer that come while the coordinator is asked wait for the same answer, so that they are appended in their order.
 */
export class TransactionAdmission {
  readonly #isVerifying: () => boolean
  readonly #clock: Scheduler
  readonly #answers = new WeakMap<Verification, { epoch: number; errorCode: Promise<ErrorCode> }>()
  #verifier: TransactionVerifier | undefined
  /** Put together in this turn of the event loop. */
  #questions: Question[] = []

  /** `isVerifying`: transaction.partition.verification.enable. */
  constructor(clock: Scheduler, isVerifying: () => boolean) {
    this.#clock = clock
    this.#isVerifying = isVerifying
  }

  use(verifier: TransactionVerifier): void {
    this.#verifier = verifier
  }

  admit(producer: TransactionalProducer, partition: Partition, sequence: number): Admission | Promise<Admission> {
    const { producerId, producerEpoch: epoch, mode } = producer
    const { producers } = partition.log
    if (producers.hasOngoingTransaction(producerId, epoch)) return admitted
    const bumpsEpoch = mode === 'add'
    const nowMs = this.#clock.nowMs()
    const verification = producers.verifications.begin({ producerId, epoch, sequence, bumpsEpoch, nowMs })
    if (mode === 'verify' && !this.#isVerifying()) return { errorCode: errorCodes.NONE, verification }
    let answer = this.#answers.get(verification)
    if (answer?.epoch !== epoch) {
      answer = { epoch, errorCode: this.#ask(producer, partition, verification) }
      this.#answers.set(verification, answer)
    }
    return answer.errorCode.then((errorCode) => ({ errorCode, verification }))
  }

  async #ask(producer: TransactionalProducer, partition: Partition, verification: Verification): Promise<ErrorCode> {
    let question = this.#questions.find((candidate) => isOf(producer, candidate))
    if (question === undefined) {
      question = this.#open(producer)
      this.#questions.push(question)
    }
    const index = question.partitions.push(partition) - 1
    const errorCodesInOrder = await question.answer
    this.#answers.delete(verification)
    return errorCodesInOrder[index] ?? errorCodes.UNKNOWN_SERVER_ERROR
  }

  #open(producer: TransactionalProducer): Question {
    const partitions: Partition[] = []
    const answer = Promise.resolve().then(() => {
      this.#questions = []
      return this.#check(producer, partitions)
    })
    return { ...producer, partitions, answer }
  }

  async #check(producer: TransactionalProducer, partitions: readonly Partition[]): Promise<readonly ErrorCode[]> {
    const asked = partitions.map(({ topic, index }) => ({ topic, partition: index }))
    const endMs = this.#clock.monotonicMs() + concurrentWaitMsMax
    for (;;) {
      const answers = await this.#verifier?.check({ ...producer, partitions: asked })
      if (answers === undefined) return asked.map(() => errorCodes.COORDINATOR_NOT_AVAILABLE)
      const isEarly = producer.mode === 'add' && answers.includes(errorCodes.CONCURRENT_TRANSACTIONS)
      if (!isEarly || this.#clock.monotonicMs() >= endMs) return answers
      await sleep(this.#clock, concurrentRetryMs)
    }
  }
}

const admitted: Admission = { errorCode: errorCodes.NONE, verification: undefined }

function isOf(producer: TransactionalProducer, question: Question): boolean {
  return (
    question.transactionalId === producer.transactionalId &&
    question.producerId === producer.producerId &&
    question.producerEpoch === producer.producerEpoch &&
    question.mode === producer.mode
  )
}

import { ConnectionLost } from '../network/connection.ts'
import type { PeerConnections } from '../network/peer-connections.ts'
import { type ErrorCode, errorCodeOf, errorCodes } from '../protocol/errors.ts'
import { type AddPartitionsToTxnResponse, addPartitionsToTxn } from '../protocol/messages/24-add-partitions-to-txn.ts'
import type { TransactionCoordinator } from './coordinator.ts'
import { topicPartitionsOf } from './topic-partitions.ts'
import type { ProducerIdentity } from './transaction-state.ts'

const answerTimeoutMs = 30_000
const questionsMax = 500

/** What the leader of partitions wants to know before it appends what a producer sent for them. */
export interface PartitionQuestion extends ProducerIdentity {
  readonly transactionalId: string
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
  /** Whether they are part of the producer's open transaction, or shall become so. */
  readonly mode: 'verify' | 'add'
}

interface Asked {
  readonly question: PartitionQuestion
  readonly answer: (codes: readonly ErrorCode[]) => void
}

/**
 * Asks the coordinators of transactions on behalf of partitions that this broker leads (KIP-890). One request to each
 * broker is under way; what arrives meanwhile shares the next.
 */
export class PartitionVerifier {
  readonly #nodeId: number
  readonly #coordinator: TransactionCoordinator
  readonly #peers: PeerConnections
  readonly #onFailure: (error: unknown) => void
  readonly #queues = new Map<number, Asked[]>()
  readonly #asking = new Set<number>()

  constructor(options: {
    nodeId: number
    coordinator: TransactionCoordinator
    peers: PeerConnections
    onFailure: (error: unknown) => void
  }) {
    this.#nodeId = options.nodeId
    this.#coordinator = options.coordinator
    this.#peers = options.peers
    this.#onFailure = options.onFailure
  }

  /** The coordinator's error code for each partition, in their order; COORDINATOR_NOT_AVAILABLE when there is none. */
  async check(question: PartitionQuestion): Promise<readonly ErrorCode[]> {
    const broker = this.#coordinator.findCoordinator(question.transactionalId)
    if (broker === undefined) return sameForAll(question, errorCodes.COORDINATOR_NOT_AVAILABLE)
    if (broker.id === this.#nodeId) return this.#askOwn(question)
    return new Promise((answer) => this.#enqueue(broker.id, { question, answer }))
  }

  async #askOwn(question: PartitionQuestion): Promise<readonly ErrorCode[]> {
    const { transactionalId, producerId, producerEpoch, mode } = question
    const producer = { producerId, producerEpoch }
    if (mode === 'verify') {
      return question.partitions.map(({ topic, partition }) => {
        return this.#coordinator.verifyPartition(transactionalId, producer, topic, partition)
      })
    }
    const partitions = partitionsOf(question)
    const request = { ...producer, partitions, version: 2 } as const
    const errorCode = await this.#coordinator.addPartitions(transactionalId, request, { isPatient: false })
    return sameForAll(question, errorCode)
  }

  #enqueue(brokerId: number, asked: Asked): void {
    const queue = this.#queues.get(brokerId)
    if (queue === undefined) this.#queues.set(brokerId, [asked])
    else queue.push(asked)
    if (this.#asking.has(brokerId)) return
    this.#asking.add(brokerId)
    this.#drain(brokerId).catch(this.#onFailure)
  }

  async #drain(brokerId: number): Promise<void> {
    // Questions of the same turn of the event loop share a request from the first on.
    await Promise.resolve()
    try {
      for (;;) {
        const batch = this.#take(brokerId)
        if (batch.length === 0) return
        await this.#ask(brokerId, batch)
      }
    } finally {
      // At once: what is queued between the last look and this would wait for the next question.
      this.#asking.delete(brokerId)
    }
  }

  async #ask(brokerId: number, batch: readonly Asked[]): Promise<void> {
    try {
      const response = await this.#request(brokerId, batch)
      for (const { question, answer } of batch) answer(codesOf(question, response))
    } catch (error) {
      for (const { question, answer } of batch) answer(sameForAll(question, errorCodes.COORDINATOR_NOT_AVAILABLE))
      if (!(error instanceof ConnectionLost)) throw error
    }
  }

  /** The answer tells transactions by their ids alone, so that each may occur once in a request. */
  #take(brokerId: number): Asked[] {
    const queue = this.#queues.get(brokerId) ?? []
    const ids = new Set<string>()
    const batch: Asked[] = []
    const rest: Asked[] = []
    for (const asked of queue) {
      const { transactionalId } = asked.question
      if (ids.has(transactionalId) || batch.length === questionsMax) rest.push(asked)
      else batch.push(asked)
      ids.add(transactionalId)
    }
    this.#queues.set(brokerId, rest)
    return batch
  }

  async #request(brokerId: number, batch: readonly Asked[]): Promise<AddPartitionsToTxnResponse> {
    const connection = await this.#peers.connect(brokerId)
    const transactions = batch.map(({ question }) => ({
      transactionalId: question.transactionalId,
      producerId: question.producerId,
      producerEpoch: question.producerEpoch,
      verifyOnly: question.mode === 'verify',
      topics: [...partitionsOf(question)].map(([name, partitions]) => ({ name, partitions: [...partitions] })),
    }))
    const version = addPartitionsToTxn.versions.max
    return connection.send(addPartitionsToTxn, version, { transactions }, { timeoutMs: answerTimeoutMs })
  }
}

function partitionsOf({ partitions }: PartitionQuestion) {
  return topicPartitionsOf(partitions.map(({ topic, partition }) => [topic, [partition]] as const))
}

function sameForAll({ partitions }: PartitionQuestion, errorCode: ErrorCode): ErrorCode[] {
  return partitions.map(() => errorCode)
}

function codesOf(question: PartitionQuestion, response: AddPartitionsToTxnResponse): ErrorCode[] {
  if (response.errorCode !== errorCodes.NONE) return sameForAll(question, errorCodeOf(response.errorCode))
  const result = response.resultsByTransaction.find(({ transactionalId }) => {
    return transactionalId === question.transactionalId
  })
  return question.partitions.map(({ topic, partition }) => {
    const partitions = result?.topicResults.find(({ name }) => name === topic)?.resultsByPartition
    const answered = partitions?.find(({ partitionIndex }) => partitionIndex === partition)
    return errorCodeOf(answered?.partitionErrorCode ?? errorCodes.UNKNOWN_SERVER_ERROR)
  })
}

import { errorCodes } from '../../../broker/protocol/errors.ts'
import { topicPartitionsOf } from '../../../broker/transaction/topic-partitions.ts'
import type { ProducerIdentity, TransactionVersion } from '../../../broker/transaction/transaction-state.ts'
import type { TransactionCluster } from './transaction-cluster.ts'

export const topic = 'topic'
export const timeoutMs = 60_000

/** What a producer wrote under one transaction, and what it knows of the end. */
export interface ModelTransaction {
  readonly values: { readonly value: number; readonly partition: number }[]
  end: 'open' | 'commit asked' | 'abort asked' | 'committed' | 'aborted' | 'given up'
}

let nextValue = 0

/**
 * A producer as clients are: one request at a time, asking again after errors that pass, at an end when it is fenced. Every
 * value is a number of its own.
 */
export class ModelProducer {
  readonly transactionalId: string
  readonly transactions: ModelTransaction[] = []
  isBusy = false
  readonly #cluster: TransactionCluster
  readonly #version: TransactionVersion
  #identity: ProducerIdentity | undefined
  #current: ModelTransaction = { values: [], end: 'open' }

  constructor(cluster: TransactionCluster, transactionalId: string, version: TransactionVersion) {
    this.#cluster = cluster
    this.transactionalId = transactionalId
    this.#version = version
  }

  get isReady(): boolean {
    return this.#identity !== undefined
  }

  /** A new process under the same transactional id, or this one again after an error: both begin with a new epoch. */
  async init(): Promise<void> {
    this.#giveUp()
    const { coordinator } = this.#cluster
    const answer = await coordinator.initProducerId(this.transactionalId, { timeoutMs, expected: undefined })
    if (answer.errorCode === errorCodes.NONE) this.#identity = answer
  }

  async write(partition: number): Promise<void> {
    const identity = this.#identity
    const leader = this.#cluster.partitions[partition]
    if (identity === undefined || leader === undefined || this.#current.end !== 'open') return
    const { coordinator } = this.#cluster
    const guard = leader.guard(identity.producerId)
    const request = { ...identity, partitions: topicPartitionsOf([[topic, [partition]]]), version: this.#version }
    const { errorCode } = await coordinator.addPartitions(this.transactionalId, request, this.#version < 2)
    if (errorCode !== errorCodes.NONE) return this.#failed(errorCode)
    if (this.#version < 2) {
      const transaction = coordinator.find(this.transactionalId)
      const verified = transaction?.verifyPartition(identity, topic, partition)
      if (verified !== errorCodes.NONE) return
    }
    const value = nextValue++
    if (leader.append(identity, value, guard)) this.#current.values.push({ value, partition })
  }

  /** The same request again until it is known to be done. */
  async end(isCommit: boolean): Promise<void> {
    const identity = this.#identity
    if (identity === undefined || (this.#current.values.length === 0 && this.#current.end === 'open')) return
    if (this.#current.end === 'open') this.#current.end = isCommit ? 'commit asked' : 'abort asked'
    const isCommitAsked = this.#current.end === 'commit asked'
    const answer = await this.#cluster.coordinator.endTransaction(this.transactionalId, {
      ...identity,
      isCommit: isCommitAsked,
      version: this.#version,
    })
    if (answer.errorCode !== errorCodes.NONE) return this.#failed(answer.errorCode)
    this.#current.end = isCommitAsked ? 'committed' : 'aborted'
    if (this.#version >= 2) this.#identity = answer
    this.#begin()
  }

  #failed(errorCode: number): void {
    const passing: readonly number[] = [
      errorCodes.CONCURRENT_TRANSACTIONS,
      errorCodes.COORDINATOR_NOT_AVAILABLE,
      errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
      errorCodes.NOT_COORDINATOR,
    ]
    if (!passing.includes(errorCode)) this.#giveUp()
  }

  #giveUp(): void {
    this.#identity = undefined
    if (this.#current.end === 'open') this.#current.end = 'given up'
    this.#begin()
  }

  #begin(): void {
    if (this.#current.values.length > 0) this.transactions.push(this.#current)
    this.#current = { values: [], end: 'open' }
  }

  /** Those that are over, as far as it knows, and the one that may not be. */
  get all(): readonly ModelTransaction[] {
    return [...this.transactions, this.#current]
  }
}

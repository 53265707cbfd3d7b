import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import { type AddPartitions, decideAddPartitions, verifyPartition } from './add-partitions.ts'
import { type Decision, refuse } from './decision.ts'
import { decideEndTransaction, type EndTransaction } from './end-transaction.ts'
import { decideInitProducerId, type InitProducerId } from './init-producer-id.ts'
import { complete, prepareFence } from './prepare-end.ts'
import {
  isAtRest,
  isPrepared,
  type ProducerIdentity,
  type TransactionState,
  type TransactionVersion,
} from './transaction-state.ts'

/**
 * One transactional id: what the log says of it, and what is on its way there. A decision to change it must be followed
 * by `begin` at once and by `written` when the log has it or never will; no other change is decided in between, except that
 * partitions may join others that are on their way.
 */
export class Transaction {
  readonly transactionalId: string
  #state: TransactionState | undefined
  #written: TransactionState | undefined
  #writes = 0

  constructor(transactionalId: string, state?: TransactionState) {
    this.transactionalId = transactionalId
    this.#state = state
    this.#written = state
  }

  /** As the log has it; undefined before the first record, and after the last. */
  get state(): TransactionState | undefined {
    return this.#written
  }

  /** The last that was sent on its way to the log. */
  get begun(): TransactionState | undefined {
    return this.#state
  }

  get isChanging(): boolean {
    return this.#writes > 0
  }

  initProducerId(request: InitProducerId): Decision {
    if (this.isChanging) return refuse(errorCodes.CONCURRENT_TRANSACTIONS)
    return decideInitProducerId(this.#written, request)
  }

  addPartitions(request: AddPartitions): Decision {
    const decision = decideAddPartitions(this.#written, request)
    const begun = this.#state
    if (!this.isChanging || isRefusal(decision)) return decision
    if (begun?.status !== 'Ongoing') return refuse(errorCodes.CONCURRENT_TRANSACTIONS)
    if (decision.kind === 'answer') return decision
    const joined = decideAddPartitions(begun, request)
    // All of them are already on their way: it is answered once the log has them, for which they are written again.
    return joined.kind === 'answer' ? { kind: 'transition', to: begun, answer: joined.answer } : joined
  }

  verifyPartition(producer: ProducerIdentity, topic: string, partition: number): ErrorCode {
    return verifyPartition(this.#written, producer, topic, partition)
  }

  endTransaction(request: EndTransaction): Decision {
    const decision = decideEndTransaction(this.#written, request)
    return !this.isChanging || isRefusal(decision) ? decision : refuse(errorCodes.CONCURRENT_TRANSACTIONS)
  }

  /** The abort of a transaction that its producer has not ended in time, if it is one. */
  findTimeout(version: TransactionVersion, nowMs: number): TransactionState | undefined {
    const state = this.#written
    if (this.isChanging || state?.status !== 'Ongoing') return undefined
    return state.startedAtMs + state.timeoutMs < nowMs ? prepareFence(state, version, nowMs) : undefined
  }

  /** What it becomes when each partition has its marker. */
  complete(nowMs: number): TransactionState | undefined {
    const state = this.#written
    return state === undefined || this.isChanging || !isPrepared(state) ? undefined : complete(state, nowMs)
  }

  /** Whether nobody has used the id for as long as ids are kept. */
  isExpired(expirationMs: number, nowMs: number): boolean {
    const state = this.#written
    return state !== undefined && !this.isChanging && isAtRest(state) && state.updatedAtMs + expirationMs <= nowMs
  }

  /** From here on a state, or with undefined the id's removal, is on its way to the log. */
  begin(to: TransactionState | undefined): void {
    this.#state = to
    this.#writes += 1
  }

  /** One of those begun is in the log, or never will be. States are told in the order in which the log has them. */
  written(to: TransactionState | undefined, isInLog: boolean): void {
    this.#writes -= 1
    if (isInLog) this.#written = to
    if (this.#writes === 0) this.#state = this.#written
  }
}

function isRefusal(decision: Decision): boolean {
  return decision.kind === 'answer' && decision.answer.errorCode !== errorCodes.NONE
}

import type { Clock } from '../clock.ts'
import type { Shard, ShardLog } from '../coordinator/coordinator-shards.ts'
import { RecordWriter } from '../coordinator/record-writer.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import { decodeRecords } from '../record/decode-records.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import type { AddPartitions } from './add-partitions.ts'
import { type Decision, refusal, type TransactionAnswer } from './decision.ts'
import type { EndTransaction } from './end-transaction.ts'
import type { InitProducerId } from './init-producer-id.ts'
import { Transaction } from './transaction.ts'
import type { MarkersOwner } from './transaction-markers.ts'
import { decodeTransactionRecord, transactionRecord } from './transaction-records.ts'
import { isAtRest, isPrepared, type TransactionState, type TransactionVersion } from './transaction-state.ts'

/**
 * How long a producer is not told that its last transaction is still being ended. That takes some milliseconds, while clients
 * come back after tens of them, or, as kafkajs does, not at all. A connection's later answers wait too.
 */
const concurrentWaitMs = 250
/** How long to wait before the log is asked again to take what must get there. */
const retryMs = 100

export interface TransactionPartitionOptions {
  readonly log: Pick<ShardLog, 'leaderEpoch' | 'append'>
  readonly markers: { send(state: TransactionState, owner: MarkersOwner): void }
  readonly producerIds: { take(): Promise<number> }
  /** The cluster's. */
  readonly version: () => TransactionVersion
  readonly timers: TimerWheel
  readonly clock: Clock
}

/**
 * The transactional ids whose records are in one partition of `__transaction_state`. Nothing is acknowledged, and no
 * partition is told of an outcome, before the record of it is replicated: whoever takes over then knows as much.
 */
export class TransactionPartition implements Shard {
  readonly #log: TransactionPartitionOptions['log']
  readonly #markers: TransactionPartitionOptions['markers']
  readonly #producerIds: TransactionPartitionOptions['producerIds']
  readonly #version: () => TransactionVersion
  readonly #timers: TimerWheel
  readonly #clock: Clock
  readonly #writer: RecordWriter
  readonly #transactions = new Map<string, Transaction>()
  /** Whoever waits for something to become of a transaction. */
  readonly #waiting = new Map<Transaction, (() => void)[]>()
  #unavailability: ErrorCode | undefined = errorCodes.COORDINATOR_LOAD_IN_PROGRESS

  constructor({ log, markers, producerIds, version, timers, clock }: TransactionPartitionOptions) {
    this.#log = log
    this.#markers = markers
    this.#producerIds = producerIds
    this.#version = version
    this.#timers = timers
    this.#clock = clock
    this.#writer = new RecordWriter(log.append)
  }

  get unavailability(): ErrorCode | undefined {
    return this.#unavailability
  }

  get transactions(): Iterable<Transaction> {
    return this.#transactions.values()
  }

  find(transactionalId: string): Transaction | undefined {
    return this.#transactions.get(transactionalId)
  }

  replay(batch: RecordBatch): void {
    if (batch.isControl) return
    for (const { key, value } of decodeRecords(batch)) {
      const record = key === null ? undefined : decodeTransactionRecord(key, value)
      if (record === undefined) continue
      const { transactionalId, state } = record
      if (state === null) this.#transactions.delete(transactionalId)
      else this.#transactions.set(transactionalId, new Transaction(transactionalId, state))
    }
  }

  async activate(): Promise<void> {
    await this.#confirmLog()
    if (this.#isClosed) return
    this.#unavailability = undefined
    for (const transaction of this.#transactions.values()) {
      if (transaction.state !== undefined && isPrepared(transaction.state)) this.#sendMarkers(transaction)
    }
  }

  close(): void {
    this.#unavailability = errorCodes.NOT_COORDINATOR
    this.#transactions.clear()
    for (const transaction of [...this.#waiting.keys()]) this.#wake(transaction)
  }

  async initProducerId(
    transactionalId: string,
    request: Pick<InitProducerId, 'timeoutMs' | 'expected'>,
  ): Promise<TransactionAnswer> {
    const transaction = this.#transactions.get(transactionalId) ?? new Transaction(transactionalId)
    this.#transactions.set(transactionalId, transaction)
    const answer = await this.#carryOut(transaction, (newProducerId) => {
      return transaction.initProducerId({ ...request, newProducerId, version: this.#version(), nowMs: this.#nowMs })
    })
    if (transaction.state === undefined && !transaction.isChanging) this.#forget(transaction)
    return answer
  }

  /** `isPatient` as in all other requests: it waits a little for the end of the transaction before. */
  addPartitions(
    transactionalId: string,
    request: Omit<AddPartitions, 'nowMs'>,
    isPatient: boolean,
  ): Promise<TransactionAnswer> {
    const transaction = this.#transactions.get(transactionalId)
    const decide = () => transaction?.addPartitions({ ...request, nowMs: this.#nowMs })
    return this.#carryOut(transaction, decide, isPatient ? concurrentWaitMs : 0)
  }

  endTransaction(
    transactionalId: string,
    request: Omit<EndTransaction, 'nowMs' | 'newProducerId'>,
  ): Promise<TransactionAnswer> {
    const transaction = this.#transactions.get(transactionalId)
    return this.#carryOut(transaction, (newProducerId) => {
      return transaction?.endTransaction({ ...request, newProducerId, nowMs: this.#nowMs })
    })
  }

  abortTimedOut(): void {
    for (const transaction of this.#transactions.values()) {
      const to = transaction.findTimeout(this.#version(), this.#nowMs)
      if (to !== undefined) void this.#change(transaction, to)
    }
  }

  removeExpired(expirationMs: number): void {
    for (const transaction of this.#transactions.values()) {
      if (transaction.isExpired(expirationMs, this.#nowMs)) void this.#change(transaction, undefined)
    }
  }

  get #nowMs(): number {
    return this.#clock.nowMs()
  }

  get #isClosed(): boolean {
    return this.#unavailability === errorCodes.NOT_COORDINATOR
  }

  async #carryOut(
    transaction: Transaction | undefined,
    decide: (newProducerId: number | undefined) => Decision | undefined,
    waitMs = concurrentWaitMs,
  ): Promise<TransactionAnswer> {
    const deadlineMs = this.#clock.monotonicMs() + waitMs
    for (let newProducerId: number | undefined; ; ) {
      // It may have been forgotten, or the partition lost, while a producer id was fetched.
      if (this.#unavailability !== undefined) return refusal(this.#unavailability)
      const isKnown = transaction !== undefined && this.#transactions.get(transaction.transactionalId) === transaction
      const decision = isKnown ? decide(newProducerId) : undefined
      if (!isKnown || decision === undefined) return refusal(errorCodes.INVALID_PRODUCER_ID_MAPPING)
      if (decision.kind === 'producerIdNeeded') {
        const taken = await this.#takeProducerId()
        if (typeof taken !== 'number') return taken
        newProducerId = taken
        continue
      }
      if (decision.kind === 'transition') {
        const errorCode = await this.#change(transaction, decision.to)
        if (errorCode !== errorCodes.NONE) return refusal(errorCode)
      }
      const { answer } = decision
      if (answer.errorCode !== errorCodes.CONCURRENT_TRANSACTIONS) return answer
      const leftMs = deadlineMs - this.#clock.monotonicMs()
      if (leftMs <= 0) return answer
      await this.#waitForChange(transaction, leftMs)
    }
  }

  async #takeProducerId(): Promise<number | TransactionAnswer> {
    try {
      return await this.#producerIds.take()
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return refusal(error.code)
    }
  }

  #waitForChange(transaction: Transaction, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#timers.schedule(timeoutMs, () => this.#wake(transaction))
      const wake = () => {
        timer.cancel()
        resolve()
      }
      this.#waiting.set(transaction, [...(this.#waiting.get(transaction) ?? []), wake])
    })
  }

  #wake(transaction: Transaction): void {
    const waiting = this.#waiting.get(transaction) ?? []
    this.#waiting.delete(transaction)
    for (const wake of waiting) wake()
  }

  /** Resolves when the log has the state, or with the error that the client is to be told. */
  #change(transaction: Transaction, to: TransactionState | undefined): Promise<ErrorCode> {
    transaction.begin(to)
    return new Promise((resolve) => {
      this.#write(transaction, to, (errorCode, isInLog) => {
        resolve(errorCode)
        if (errorCode !== errorCodes.NONE && isInLog) this.#confirmChange(transaction)
        else this.#changed(transaction, to, errorCode === errorCodes.NONE)
      })
    })
  }

  #changed(transaction: Transaction, to: TransactionState | undefined, isInLog: boolean): void {
    if (this.#isClosed) return
    transaction.written(to, isInLog)
    if (transaction.isChanging) return
    this.#wake(transaction)
    if (transaction.state === undefined) this.#forget(transaction)
    else if (isInLog && isPrepared(transaction.state)) this.#sendMarkers(transaction)
  }

  /**
   * The log has the state, but the replicas did not say so in time: another broker could still take over without it. It is
   * written until they do, and till then the transaction is between two states.
   */
  #confirmChange(transaction: Transaction): void {
    // More may have been begun since; what is confirmed is what was written last.
    const { begun } = transaction
    this.#write(transaction, begun, (errorCode) => {
      if (errorCode === errorCodes.NONE) this.#changed(transaction, begun, true)
      else this.#retry(() => this.#confirmChange(transaction))
    })
  }

  #sendMarkers(transaction: Transaction): void {
    const { state } = transaction
    if (state === undefined) return
    this.#markers.send(state, {
      coordinatorEpoch: this.#log.leaderEpoch,
      isWanted: () => !this.#isClosed && transaction.state === state,
      onDone: () => this.#complete(transaction),
    })
  }

  #complete(transaction: Transaction): void {
    const to = transaction.complete(this.#nowMs)
    if (to === undefined) return
    void this.#change(transaction, to).then((errorCode) => {
      // Not in the log yet, and nobody but us will see to it.
      if (errorCode !== errorCodes.NONE) this.#retry(() => this.#complete(transaction))
    })
  }

  #write(
    { transactionalId }: Transaction,
    state: TransactionState | undefined,
    onWritten: (errorCode: ErrorCode, isInLog: boolean) => void,
  ): void {
    const record = transactionRecord(transactionalId, state ?? null, this.#version())
    this.#writer.write([record], ({ errorCode, isInLog }) => onWritten(errorCode, isInLog))
  }

  #retry(attempt: () => void): void {
    this.#timers.schedule(retryMs, () => {
      if (!this.#isClosed) attempt()
    })
  }

  #forget(transaction: Transaction): void {
    const { transactionalId } = transaction
    if (this.#transactions.get(transactionalId) === transaction) this.#transactions.delete(transactionalId)
  }

  /**
   * A leader's log may end with what no replica has yet. What must not be forgotten once it was acted on is safe when a
   * record behind it is replicated, so one is written again.
   */
  async #confirmLog(): Promise<void> {
    const isOpen = ({ state }: Transaction) => state !== undefined && !isAtRest(state)
    const open = [...this.#transactions.values()].find(isOpen)
    while (open !== undefined && !this.#isClosed) {
      const errorCode = await new Promise<ErrorCode>((resolve) => this.#write(open, open.state, resolve))
      if (errorCode === errorCodes.NONE) return
      await new Promise<void>((resolve) => this.#timers.schedule(retryMs, resolve))
    }
  }
}

import { errorCodes, KafkaError } from '../../../broker/protocol/errors.ts'
import { buildBatch, type NewRecord } from '../../../broker/record/build-batch.ts'
import { RecordBatch } from '../../../broker/record/record-batch.ts'
import { TimerWheel } from '../../../broker/timer-wheel.ts'
import { eachPartition } from '../../../broker/transaction/topic-partitions.ts'
import type { MarkersOwner } from '../../../broker/transaction/transaction-markers.ts'
import { TransactionPartition } from '../../../broker/transaction/transaction-partition.ts'
import { decodeTransactionRecord } from '../../../broker/transaction/transaction-records.ts'
import type { TransactionState, TransactionVersion } from '../../../broker/transaction/transaction-state.ts'
import { ModelPartition } from './model-partition.ts'

/** It stands still unless the test moves it. */
class StillClock {
  timeMs = 1_000_000

  nowMs(): number {
    return this.timeMs
  }

  monotonicMs(): number {
    return this.timeMs
  }

  setTimeout() {
    return { close: () => undefined, unref: () => undefined }
  }
}

/** How the log takes the next batch. A late one is in the log of the leader, which has not heard from the replicas. */
type Fate = 'replicated' | 'late' | 'refused'

interface LoggedBatch {
  readonly bytes: Buffer
  readonly states: readonly TransactionState[]
  isReplicated: boolean
}

interface PendingMarker {
  readonly state: TransactionState
  readonly owner: MarkersOwner
  readonly missing: Set<number>
  readonly coordinatorEpoch: number
}

/**
 * The real coordinator of one partition of `__transaction_state` on a log that may lose what is not replicated, and
 * partitions as simple as can be that hold transactions to the rules.
 */
export class TransactionCluster {
  readonly clock = new StillClock()
  readonly partitions = Array.from({ length: 3 }, () => new ModelPartition())
  readonly log: LoggedBatch[] = []
  readonly pending: PendingMarker[] = []
  coordinator: TransactionPartition
  chooseFate: () => Fate = () => 'replicated'
  #timers: TimerWheel
  #coordinatorEpoch = 0
  #nextProducerId = 1000
  readonly #version: TransactionVersion

  constructor(version: TransactionVersion) {
    this.#version = version
    this.#timers = new TimerWheel(this.clock)
    this.coordinator = this.#open()
  }

  /** The broker dies and another takes over, which may lack what was not replicated. */
  async failOver(isLost: () => boolean): Promise<void> {
    this.coordinator.close()
    this.#timers.close()
    for (const [at, { isReplicated }] of this.log.entries()) {
      if (isReplicated || !isLost()) continue
      this.log.length = at
      break
    }
    this.#coordinatorEpoch += 1
    this.#timers = new TimerWheel(this.clock)
    this.coordinator = this.#open()
    for (const { bytes } of this.log) this.coordinator.replay(new RecordBatch(bytes))
    void this.coordinator.activate()
    await this.settle()
  }

  /** A partition that lacks its marker gets it, also from a coordinator that does not know yet that it is none. */
  deliverMarker(choose: <T>(values: readonly T[]) => T | undefined): void {
    const marker = choose(this.pending)
    if (marker === undefined) return
    const { state, owner, missing, coordinatorEpoch } = marker
    const index = choose([...missing])
    if (index !== undefined) {
      const isSettled = this.partitions[index]?.end(state, state.status === 'PrepareCommit', coordinatorEpoch) ?? true
      if (isSettled) missing.delete(index)
    }
    if (missing.size > 0) return
    this.pending.splice(this.pending.indexOf(marker), 1)
    if (owner.isWanted()) owner.onDone()
  }

  /** Lets time pass, and with it whatever waits for it. */
  async pass(ms: number): Promise<void> {
    this.clock.timeMs += ms
    this.#timers.advance()
    await this.settle()
  }

  /** Everything that can happen without time passing has happened. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await Promise.resolve()
  }

  #open(): TransactionPartition {
    const coordinatorEpoch = this.#coordinatorEpoch
    const isCurrent = () => coordinatorEpoch === this.#coordinatorEpoch
    return new TransactionPartition({
      log: {
        leaderEpoch: () => coordinatorEpoch,
        append: (records) => this.#append(records, isCurrent),
      },
      markers: {
        send: (state, owner) => {
          const missing = new Set([...eachPartition(state.partitions)].map(([, partition]) => partition))
          if (missing.size === 0) owner.onDone()
          else this.pending.push({ state, owner, missing, coordinatorEpoch })
        },
      },
      producerIds: { take: async () => this.#nextProducerId++ },
      version: () => this.#version,
      timers: this.#timers,
      clock: this.clock,
    })
  }

  async #append(records: readonly NewRecord[], isCurrent: () => boolean): Promise<number> {
    if (!isCurrent()) throw new KafkaError(errorCodes.NOT_LEADER_OR_FOLLOWER)
    const fate = this.chooseFate()
    if (fate === 'refused') throw new KafkaError(errorCodes.NOT_ENOUGH_REPLICAS)
    const bytes = buildBatch({ records, timestampMs: this.clock.nowMs() })
    const states = records.flatMap(({ key, value }) => {
      const state = key === null ? undefined : decodeTransactionRecord(key, value)?.state
      return state ? [state] : []
    })
    const position = this.log.push({ bytes, states, isReplicated: false }) - 1
    if (fate === 'late') throw new KafkaError(errorCodes.REQUEST_TIMED_OUT)
    // The high watermark is past this batch, and so past all before it.
    for (const entry of this.log) entry.isReplicated = true
    return position
  }
}

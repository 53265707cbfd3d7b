import type { Clock } from '../clock.ts'
import { type ShareGroupConfig, startDurationMs } from '../metadata/share-group-config.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { Partition } from '../replication/partition.ts'
import type { Watcher } from '../replication/watchers.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import { type AcknowledgementBatch, acknowledgeTypes } from './acknowledgement.ts'
import type { AcquiredRecords } from './acquired-records.ts'
import type { StateBatch } from './delivery-state.ts'
import type { ShareLimits } from './share-limits.ts'
import { SharePartition } from './share-partition.ts'
import type { SharePartitionKey } from './share-partition-key.ts'
import { readForShareGroup, recordsOf, type ShareRead } from './share-read.ts'
import { uninitializedStartOffset } from './share-state.ts'
import { ShareStateWriter } from './share-state-writer.ts'
import type { ShareStates } from './share-states.ts'

export interface ShareFetchLimits {
  readonly memberId: string
  readonly recordsMax: number
  readonly batchSize: number
  readonly isRecordLimit: boolean
}

export interface AcquiredBatches {
  readonly acquired: readonly AcquiredRecords[]
  readonly records: readonly Buffer[]
}

export interface AcknowledgeAnswer {
  readonly errorCode: ErrorCode
  readonly message: string | null
}

const acknowledged: AcknowledgeAnswer = { errorCode: errorCodes.NONE, message: null }
const nothing: AcquiredBatches = { acquired: [], records: [] }

export interface SharePartitionLeaderOptions {
  key: SharePartitionKey
  partition: Partition
  states: ShareStates
  config: () => ShareGroupConfig
  timers: TimerWheel
  clock: Clock
  /** Another leader or another start has taken over what this one thought to know. */
  onFenced: () => void
  /** Told of bugs: what nobody waits for has failed. */
  onFailure: (error: unknown) => void
}

/** One share partition of a partition that this broker leads: hands out its records, keeps their locks, writes what became of them. */
export class SharePartitionLeader {
  readonly key: SharePartitionKey
  readonly partition: Partition
  readonly #options: SharePartitionLeaderOptions
  readonly #leaderEpoch: number
  readonly #writer: ShareStateWriter
  readonly #watchers = new Set<Watcher>()
  #records: SharePartition | undefined
  #stateEpoch = 0
  #loading: Promise<ErrorCode> | undefined
  #lockTimer: { readonly atMs: number; readonly handle: TimerHandle } | undefined
  #isClosed = false

  constructor(options: SharePartitionLeaderOptions) {
    this.key = options.key
    this.partition = options.partition
    this.#options = options
    this.#leaderEpoch = options.partition.leaderEpoch
    this.#writer = new ShareStateWriter((batches) => this.#send(batches))
  }

  get config(): ShareGroupConfig {
    return this.#options.config()
  }

  /** Where the next reading begins; undefined before it is loaded. */
  get fetchOffset(): number | undefined {
    return this.#records?.fetchOffset
  }

  /** Resolves with NONE once the state is there, with the reason when it cannot be had. A later call tries again. */
  load(): Promise<ErrorCode> {
    if (this.#isClosed) return Promise.resolve(errorCodes.NOT_LEADER_OR_FOLLOWER)
    if (this.#records !== undefined) return Promise.resolve(errorCodes.NONE)
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
      this.#wake()
    })
    return this.#loading
  }

  /** Whether a fetch may find something, as far as is known without reading. */
  get isAcquirable(): boolean {
    return this.#records?.canAcquire(this.#limits()) ?? false
  }

  /** Rejects with KafkaError. */
  async read(bytesMax: number): Promise<ShareRead | undefined> {
    const records = this.#records
    if (records === undefined || this.#isClosed) return undefined
    if (this.partition.logStartOffset > records.startOffset) records.moveStart(this.partition.logStartOffset)
    const isReadCommitted = this.config.shareIsolationLevel === 'read_committed'
    const { fetchOffset } = records
    return readForShareGroup(this.partition, { fetchOffset, bytesMax, isReadCommitted })
  }

  acquire(read: ShareRead, { memberId, recordsMax, batchSize, isRecordLimit }: ShareFetchLimits): AcquiredBatches {
    const records = this.#records
    if (records === undefined || this.#isClosed) return nothing
    const nowMs = this.#options.clock.monotonicMs()
    const { fetchOffset, batches } = read
    const limits = this.#limits()
    const acquired = records.acquire({
      memberId,
      fetchOffset,
      batches,
      recordsMax,
      batchSize,
      isRecordLimit,
      limits,
      nowMs,
    })
    if (acquired.length === 0) return nothing
    this.#armLockTimer(nowMs + limits.lockDurationMs)
    return { acquired, records: recordsOf(read, acquired) }
  }

  async acknowledge(memberId: string, batches: readonly AcknowledgementBatch[]): Promise<AcknowledgeAnswer> {
    const loaded = await this.load()
    const records = this.#records
    if (records === undefined) return refusal(loaded)
    const renews = batches.some(({ acknowledgeTypes: types }) => types.includes(acknowledgeTypes.renew))
    if (renews && !this.config.shareRenewAcknowledgeEnable) {
      const message = 'Renewing acquisition locks is not enabled for the group.'
      return { errorCode: errorCodes.INVALID_RECORD_STATE, message }
    }
    const nowMs = this.#options.clock.monotonicMs()
    const outcome = records.acknowledge(memberId, batches, this.#limits(), nowMs)
    if (outcome.errorCode !== errorCodes.NONE) return outcome
    const { change } = outcome
    if (change === undefined) return acknowledged
    const errorCode = await this.#writer.write(change.batches)
    records.written(change, errorCode === errorCodes.NONE)
    this.#expireLocks()
    this.#wake()
    return errorCode === errorCodes.NONE ? acknowledged : refusal(errorCode)
  }

  /** What the member has acquired is free again. Resolves when that is written, or cannot be. */
  async release(memberId: string): Promise<void> {
    const given = this.#records?.release(memberId, this.#limits()) ?? []
    if (given.length === 0) return
    this.#wake()
    await this.#writer.write(given)
  }

  watch(watcher: Watcher): void {
    this.#watchers.add(watcher)
    this.partition.watchHighWatermark(watcher)
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    this.partition.unwatch(watcher)
  }

  close(): void {
    this.#isClosed = true
    this.#lockTimer?.handle.cancel()
    this.#wake()
  }

  async #load(): Promise<ErrorCode> {
    const { key, states } = this.#options
    try {
      const stored = await states.read(key, this.#leaderEpoch)
      this.#stateEpoch = stored.stateEpoch
      const isNew = stored.startOffset === uninitializedStartOffset
      const startOffset = isNew ? await this.#initialOffset() : stored.startOffset
      const records = new SharePartition({ startOffset, batches: stored.batches })
      records.moveStart(this.partition.logStartOffset)
      // A leader after this one must not begin later: records that came in between would never be delivered.
      if (isNew && this.config.shareAutoOffsetReset !== 'earliest')
        await states.write(key, { ...this.#epochs(), startOffset, deliveryCompleteCount: 0, batches: [] })
      this.#records = records
      return errorCodes.NONE
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      if (isFencing(error.code)) this.#options.onFenced()
      return error.code
    }
  }

  /** Where `share.auto.offset.reset` has the group begin. */
  async #initialOffset(): Promise<number> {
    const { shareAutoOffsetReset: reset, shareIsolationLevel } = this.config
    const { highWatermark, lastStableOffset, logStartOffset, log } = this.partition
    const end = shareIsolationLevel === 'read_committed' ? lastStableOffset : highWatermark
    if (reset === 'earliest') return logStartOffset
    const ageMs = startDurationMs(reset)
    if (ageMs === undefined) return end
    const found = await log.offsetForTimestamp(this.#options.clock.nowMs() - ageMs, end)
    return found?.offset ?? end
  }

  #limits(): ShareLimits {
    const { shareDeliveryCountLimit, sharePartitionMaxRecordLocks, shareRecordLockDurationMs } = this.config
    return {
      deliveryCountLimit: shareDeliveryCountLimit,
      recordLocksMax: sharePartitionMaxRecordLocks,
      lockDurationMs: shareRecordLockDurationMs,
    }
  }

  #epochs() {
    return { stateEpoch: this.#stateEpoch, leaderEpoch: this.#leaderEpoch }
  }

  async #send(batches: readonly StateBatch[]): Promise<void> {
    const { key, states, onFenced } = this.#options
    const records = this.#records
    if (records === undefined || this.#isClosed) throw new KafkaError(errorCodes.NOT_LEADER_OR_FOLLOWER)
    const { startOffset, deliveryCompleteCount } = records
    try {
      await states.write(key, { ...this.#epochs(), startOffset, deliveryCompleteCount, batches })
    } catch (error) {
      if (error instanceof KafkaError && isFencing(error.code)) onFenced()
      throw error
    }
  }

  #armLockTimer(atMs: number): void {
    if (this.#isClosed || !Number.isFinite(atMs) || (this.#lockTimer?.atMs ?? Number.POSITIVE_INFINITY) <= atMs) return
    this.#lockTimer?.handle.cancel()
    const { timers, clock } = this.#options
    const handle = timers.schedule(Math.max(0, atMs - clock.monotonicMs()), () => {
      this.#lockTimer = undefined
      this.#expireLocks()
    })
    this.#lockTimer = { atMs, handle }
  }

  #expireLocks(): void {
    const records = this.#records
    if (records === undefined || this.#isClosed) return
    const freed = records.expireLocks(this.#options.clock.monotonicMs(), this.#limits())
    this.#armLockTimer(records.nextDeadlineMs)
    if (freed.length === 0) return
    this.#wake()
    this.#writer.write(freed).catch(this.#options.onFailure)
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher.wake()
  }
}

/** Somebody else decides about this share partition by now, or its group is gone. */
function isFencing(errorCode: ErrorCode): boolean {
  return (
    errorCode === errorCodes.FENCED_LEADER_EPOCH ||
    errorCode === errorCodes.FENCED_STATE_EPOCH ||
    errorCode === errorCodes.INVALID_REQUEST ||
    errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION
  )
}

function refusal(errorCode: ErrorCode): AcknowledgeAnswer {
  const isFenced = errorCode === errorCodes.FENCED_LEADER_EPOCH || errorCode === errorCodes.FENCED_STATE_EPOCH
  return { errorCode: isFenced ? errorCodes.NOT_LEADER_OR_FOLLOWER : errorCode, message: null }
}

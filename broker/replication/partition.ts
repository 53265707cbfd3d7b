import type { AppendResult } from '../log/log-appender.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { EndTransaction } from '../log/producer-states.ts'
import type { Verification } from '../log/transaction-verifications.ts'
import type { PartitionImage } from '../metadata/partition-image.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import { FollowerReplica } from './follower-replica.ts'
import { HighWatermark } from './high-watermark.ts'
import { LeaderReplica } from './leader-replica.ts'
import { OffsetWaiters } from './offset-waiters.ts'
import type { PartitionConfig, PartitionHost } from './partition-host.ts'
import { isThrottled } from './throttled-replicas.ts'
import type { EpochEndOffset } from './truncation-offset.ts'
import { type Watcher, Watchers } from './watchers.ts'

export type Acks = -1 | 0 | 1

export interface Appended {
  readonly baseOffset: number
  readonly lastOffset: number
  /** -1 when records keep the time that their producer gave them. */
  readonly logAppendTimeMs: number
  readonly leaderEpoch: number
  /** Resolves when the records can be read. */
  readonly written: Promise<void>
}

/** Shared: there are many partitions, and little goes on in most of them. */
const done = Promise.resolve()

/**
 * One replica of a partition on this broker. It leads, follows, or waits to be told; all changes of role come through
 * `lead`, `follow` and `stop`, which the owner calls one after the other. The high watermark never goes back while it
 * leads, and only by truncation while it follows.
 */
export class Partition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  readonly log: PartitionLog
  readonly #host: PartitionHost
  /** What its fetcher does to it. */
  readonly asFollower: FollowerReplica
  readonly #highWatermark: HighWatermark
  readonly #deleted: OffsetWaiters
  /** Watch the log's end. */
  readonly #followers = new Watchers()
  readonly #onWritten = () => this.#noticeLogEnd()
  readonly #onWriteFailed = (error: unknown) => {
    this.#host.noticeStorageFailure(error)
    throw error
  }
  #config: PartitionConfig
  #noticedLogEndOffset: number
  #leaderId = -1
  #leaderEpoch = -1
  #asLeader: LeaderReplica | undefined
  /** The first of the terms that this broker has led without a break: nothing that it appended since is gone. */
  #ledSinceEpoch = -1
  /** The last of the changes that the log wants one at a time. */
  #changing: Promise<unknown> = done
  /** Appends that are written together share the promise for it. */
  #written: Promise<void> | undefined
  #noticed = done

  constructor(options: {
    topic: string
    topicId: string
    index: number
    log: PartitionLog
    config: PartitionConfig
    /** As it was last written to disk. */
    highWatermark: number
    host: PartitionHost
  }) {
    const { log, host } = options
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = log
    this.#host = host
    this.#config = options.config
    this.#highWatermark = new HighWatermark(log, host.timers, options.highWatermark)
    this.#deleted = new OffsetWaiters(host.timers)
    this.asFollower = new FollowerReplica(log, this.#highWatermark, this)
    this.#noticedLogEndOffset = log.logEndOffset
  }

  get isLeader(): boolean {
    return this.#asLeader !== undefined
  }

  /** What followers and the controller do to it while it leads. */
  get asLeader(): LeaderReplica | undefined {
    return this.#asLeader
  }

  /** -1 when there is none. */
  get leaderId(): number {
    return this.#leaderId
  }

  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  get highWatermark(): number {
    return this.#highWatermark.offset
  }

  /** Where read_committed ends: before the oldest transaction that is open, or whose marker is not replicated yet. */
  get lastStableOffset(): number {
    return this.log.lastStableOffset(this.highWatermark)
  }

  get logStartOffset(): number {
    return this.log.logStartOffset
  }

  get logEndOffset(): number {
    return this.log.logEndOffset
  }

  /** Known to the leader only. */
  get isr(): readonly number[] {
    return this.#asLeader?.isr ?? []
  }

  get config(): PartitionConfig {
    return this.#config
  }

  /** Whether what leaves for a follower that is not in sync counts against this broker's quota as a leader. */
  get isThrottledAsLeader(): boolean {
    return isThrottled(this.#config.throttledLeaders, this.index)
  }

  get isThrottledAsFollower(): boolean {
    return isThrottled(this.#config.throttledFollowers, this.index)
  }

  /** The oldest offset that every live replica keeps. */
  get lowWatermark(): number {
    return this.#asLeader?.lowWatermark ?? this.log.logStartOffset
  }

  /** True until the first offset of the leader's own term is known to be committed: older offsets may be answered wrongly. */
  get isHighWatermarkBehindEpoch(): boolean {
    return this.#asLeader?.isHighWatermarkBehindEpoch ?? false
  }

  configure(config: PartitionConfig): void {
    this.#config = config
    this.log.updateConfig(config.log)
    this.#asLeader?.advanceHighWatermark()
  }

  /** Resolves when it leads, with false when it already led in this epoch. */
  async lead(image: PartitionImage): Promise<boolean> {
    const leader = this.#asLeader
    if (leader?.leaderEpoch === image.leaderEpoch) {
      leader.assign(image)
      return false
    }
    // A move that ended starts a new term of the same leader: nothing was lost, so that nobody's wait for replicas ends.
    if (leader?.leaderEpoch === image.leaderEpoch - 1) this.#leaderEpoch = image.leaderEpoch
    else {
      this.#resign(image)
      await this.#settle()
      this.#ledSinceEpoch = image.leaderEpoch
    }
    // Even without records of its own the term must be known, or later elections cannot tell where logs part (KIP-279).
    // The log writes it to disk before the first of them; a term that a crash wipes out has left nothing to tell apart.
    this.log.leaderEpochs.assign(image.leaderEpoch, this.log.nextOffset)
    const parts = { host: this.#host, highWatermark: this.#highWatermark, deleted: this.#deleted }
    this.#asLeader = new LeaderReplica(this, image, parts)
    this.#noticedLogEndOffset = this.log.logEndOffset
    this.#asLeader.advanceHighWatermark()
    this.#followers.wake()
    return true
  }

  /** A leader of -1 leaves it waiting for the next one. `false` when nothing changed. */
  follow(image: PartitionImage): boolean {
    if (this.#asLeader === undefined && this.#leaderEpoch === image.leaderEpoch) return false
    this.#resign(image)
    return true
  }

  /** The replica leaves this broker. */
  stop(): Promise<void> {
    this.#resign({ leader: -1, leaderEpoch: this.#leaderEpoch })
    return this.#settle()
  }

  #resign({ leader, leaderEpoch }: { leader: number; leaderEpoch: number }): void {
    this.#leaderId = leader
    this.#leaderEpoch = leaderEpoch
    this.#asLeader = undefined
    this.#highWatermark.fail(errorCodes.NOT_LEADER_OR_FOLLOWER)
    this.#deleted.fail(errorCodes.NOT_LEADER_OR_FOLLOWER)
    this.#followers.wake()
  }

  /**
   * Appends to the leader's log. Offsets are given at once, in the order of calls; `written` resolves when they can be
   * read. Throws KafkaError: NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS and what the log finds wrong.
   */
  append(
    batches: Buffer,
    acks: Acks,
    origin: 'client' | 'coordinator',
    verification: Verification | undefined = undefined,
  ): Appended {
    const leaderEpoch = this.#requireLeaderEpoch(acks)
    return this.#appended(this.log.appendAsLeader(batches, { leaderEpoch, origin, verification }), leaderEpoch)
  }

  /** Appends a transaction's marker, to be replicated. Throws KafkaError as `append` does, and for stale epochs. */
  appendEndTransaction(end: EndTransaction): Appended {
    const leaderEpoch = this.#requireLeaderEpoch(-1)
    return this.#appended(this.log.appendEndTransaction(end, leaderEpoch), leaderEpoch)
  }

  #requireLeaderEpoch(acks: Acks): number {
    const leader = this.#requireLeader()
    if (acks === -1) leader.requireEnoughReplicas(errorCodes.NOT_ENOUGH_REPLICAS)
    return leader.leaderEpoch
  }

  #appended({ baseOffset, lastOffset, logAppendTimeMs, written }: AppendResult, leaderEpoch: number): Appended {
    if (written !== this.#written) {
      this.#written = written
      this.#noticed = written.then(this.#onWritten, this.#onWriteFailed)
    }
    return { baseOffset, lastOffset, logAppendTimeMs, leaderEpoch, written: this.#noticed }
  }

  /** Resolves when all in-sync replicas have what was appended. Rejects with KafkaError. */
  async waitForReplication({ lastOffset, leaderEpoch }: Appended, timeoutMs: number): Promise<void> {
    // Once the term is over the records may be gone again, wherever the high watermark is by now.
    const isOver = this.#asLeader === undefined || leaderEpoch < this.#ledSinceEpoch
    if (isOver) throw new KafkaError(errorCodes.NOT_LEADER_OR_FOLLOWER)
    if (this.highWatermark <= lastOffset) {
      const isReplicated = await this.#highWatermark.wait(lastOffset + 1, timeoutMs)
      if (!isReplicated) throw new KafkaError(errorCodes.REQUEST_TIMED_OUT)
    }
    this.#requireLeader().requireEnoughReplicas(errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND)
  }

  /** NONE, or why a request with this leader epoch (-1: any) cannot be served as leader. */
  checkLeader(currentLeaderEpoch: number): ErrorCode {
    if (currentLeaderEpoch !== -1 && currentLeaderEpoch !== this.#leaderEpoch) {
      return currentLeaderEpoch < this.#leaderEpoch ? errorCodes.FENCED_LEADER_EPOCH : errorCodes.UNKNOWN_LEADER_EPOCH
    }
    return this.#asLeader === undefined ? errorCodes.NOT_LEADER_OR_FOLLOWER : errorCodes.NONE
  }

  /** The same for a request that any replica may serve: NONE, or what is wrong with its leader epoch. */
  checkReplica(currentLeaderEpoch: number): ErrorCode {
    const errorCode = this.checkLeader(currentLeaderEpoch)
    return errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER ? errorCodes.NONE : errorCode
  }

  endOffsetOfEpoch(epoch: number): EpochEndOffset {
    return this.log.leaderEpochs.endOffsetFor(epoch, this.log.logEndOffset)
  }

  /** Moves the start of the log. Resolves with the low watermark once all live replicas followed. */
  async deleteRecordsBefore(offset: number, timeoutMs: number): Promise<number> {
    this.#requireLeader()
    const target = offset === -1 ? this.highWatermark : offset
    if (target < 0 || target > this.highWatermark) throw new KafkaError(errorCodes.OFFSET_OUT_OF_RANGE)
    await this.exclusively(() => this.log.advanceLogStartOffset(target))
    // The new start travels in the answers to the followers' fetches.
    this.#followers.wake()
    this.#highWatermark.readers.wake()
    if (this.lowWatermark < target) {
      const isDeleted = await this.#deleted.wait(target, timeoutMs)
      if (!isDeleted) throw new KafkaError(errorCodes.REQUEST_TIMED_OUT)
    }
    return this.lowWatermark
  }

  isFollowing(leaderEpoch: number): boolean {
    return this.#asLeader === undefined && this.#leaderEpoch === leaderEpoch
  }

  /** Deletes what the topic's retention no longer keeps. */
  async enforceRetention(): Promise<void> {
    const { clock } = this.#host
    await this.exclusively(() => this.log.deleteOldSegments(clock.nowMs(), this.highWatermark))
  }

  watchHighWatermark(watcher: Watcher): void {
    this.#highWatermark.readers.add(watcher)
  }

  watchLogEnd(watcher: Watcher): void {
    this.#followers.add(watcher)
  }

  unwatch(watcher: Watcher): void {
    this.#highWatermark.readers.delete(watcher)
    this.#followers.delete(watcher)
  }

  /** One after the other: what changes the log's files, but for appends. */
  exclusively<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change)
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async #settle(): Promise<void> {
    await this.asFollower.settle()
    await this.#changing
  }

  /** Several appends are written at once; the first one to notice does the work for all. */
  #noticeLogEnd(): void {
    const { logEndOffset } = this.log
    if (logEndOffset === this.#noticedLogEndOffset) return
    this.#noticedLogEndOffset = logEndOffset
    this.#followers.wake()
    this.#asLeader?.advanceHighWatermark()
  }

  #requireLeader(): LeaderReplica {
    if (this.#asLeader === undefined) throw new KafkaError(errorCodes.NOT_LEADER_OR_FOLLOWER)
    return this.#asLeader
  }
}

import type { PartitionLog } from '../log/partition-log.ts'
import type { HighWatermark } from './high-watermark.ts'
import { type EpochEndOffset, truncationOffset } from './truncation-offset.ts'

/** What a follower asks of the partition that it is a replica of. */
export interface FollowerRole {
  isFollowing(leaderEpoch: number): boolean
  /** One after the other: what changes the log's files, but for appends. */
  exclusively<T>(change: () => Promise<T>): Promise<T>
}

/**
 * A replica of a partition as its fetcher sees it: what to do to its log so that it becomes the leader's. Nothing is done any
 * more once the leader's epoch is over in which it was fetched.
 */
export class FollowerReplica {
  readonly #log: PartitionLog
  readonly #highWatermark: HighWatermark
  readonly #role: FollowerRole
  #appending: Promise<unknown> | undefined

  constructor(log: PartitionLog, highWatermark: HighWatermark, role: FollowerRole) {
    this.#log = log
    this.#highWatermark = highWatermark
    this.#role = role
  }

  /** `undefined` in the epoch of another leader than the one fetched from. */
  append(batches: Buffer, leaderEpoch: number): Promise<void> | undefined {
    if (!this.#role.isFollowing(leaderEpoch)) return undefined
    const appended = this.#log.appendAsFollower(batches)
    // Whoever appended handles the failure; a change of role only waits for the end.
    this.#appending = appended.catch(() => undefined)
    return appended
  }

  /** Resolves when the last append is over, however it ended. */
  async settle(): Promise<void> {
    await this.#appending
  }

  /** Drops what the leader does not have. Ends short of the leader's offset when the two disagree about older epochs. */
  truncateTo(diverging: EpochEndOffset, leaderEpoch: number): Promise<void> {
    const { leaderEpochs, logEndOffset } = this.#log
    const own = leaderEpochs.endOffsetFor(diverging.epoch, logEndOffset)
    return this.#truncate(truncationOffset(diverging, own, logEndOffset), leaderEpoch)
  }

  truncateToOffset(offset: number, leaderEpoch: number): Promise<void> {
    return this.#truncate(Math.min(offset, this.#log.logEndOffset), leaderEpoch)
  }

  /** Forgets everything: the leader's log begins behind our end. */
  restartAt(offset: number, leaderEpoch: number): Promise<void> {
    return this.#role.exclusively(async () => {
      if (!this.#role.isFollowing(leaderEpoch)) return
      await this.#log.truncateFullyAndStartAt(offset)
      this.#highWatermark.set(offset)
    })
  }

  /** What a fetch answer says beside its records. A promise only where the log has to change. */
  learnFromLeader(
    leader: { highWatermark: number; logStartOffset: number },
    leaderEpoch: number,
  ): Promise<void> | undefined {
    if (!this.#role.isFollowing(leaderEpoch)) return undefined
    const highWatermark = Math.min(leader.highWatermark, this.#log.logEndOffset)
    if (highWatermark > this.#highWatermark.offset) {
      this.#highWatermark.set(highWatermark)
      this.#highWatermark.readers.wake()
    }
    const { logStartOffset } = leader
    if (logStartOffset <= this.#log.logStartOffset || logStartOffset > this.#log.logEndOffset) return undefined
    this.#highWatermark.set(Math.max(this.#highWatermark.offset, logStartOffset))
    return this.#role.exclusively(() => this.#log.advanceLogStartOffset(logStartOffset))
  }

  #truncate(offset: number, leaderEpoch: number): Promise<void> {
    return this.#role.exclusively(async () => {
      if (!this.#role.isFollowing(leaderEpoch)) return
      await this.#log.truncateTo(offset)
      // A term in which nothing was written has left its mark at the end: the leader does not know of it.
      this.#log.leaderEpochs.truncateFromEnd(this.#log.logEndOffset)
      await this.#log.leaderEpochs.save()
      this.#highWatermark.set(Math.min(this.#highWatermark.offset, this.#log.logEndOffset))
    })
  }
}

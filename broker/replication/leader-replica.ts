import type { PartitionImage } from '../metadata/partition-image.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { HighWatermark } from './high-watermark.ts'
import { type FollowerFetch, type IsrProposal, Leadership } from './leadership.ts'
import type { OffsetWaiters } from './offset-waiters.ts'
import type { Partition } from './partition.ts'
import type { PartitionHost } from './partition-host.ts'

/** A replica of a partition in one term that it leads: what its followers' fetches and the controller's answers change. */
export class LeaderReplica {
  readonly #partition: Partition
  readonly #host: PartitionHost
  readonly #highWatermark: HighWatermark
  /** Who waits for the low watermark. */
  readonly #deleted: OffsetWaiters
  readonly #leadership: Leadership

  constructor(
    partition: Partition,
    image: PartitionImage,
    options: { host: PartitionHost; highWatermark: HighWatermark; deleted: OffsetWaiters },
  ) {
    const { host } = options
    this.#partition = partition
    this.#host = host
    this.#highWatermark = options.highWatermark
    this.#deleted = options.deleted
    this.#leadership = new Leadership({
      nodeId: host.nodeId,
      leaderEpoch: image.leaderEpoch,
      epochStartOffset: partition.log.nextOffset,
      assignment: image,
      lagTimeMaxMs: host.lagTimeMaxMs,
      isEligible: (id, brokerEpoch) => host.isEligible(id, brokerEpoch),
      nowMs: host.clock.monotonicMs(),
    })
  }

  get leaderEpoch(): number {
    return this.#leadership.leaderEpoch
  }

  get isr(): readonly number[] {
    return this.#leadership.isr
  }

  /** The oldest offset that every live replica keeps. */
  get lowWatermark(): number {
    return this.#leadership.lowWatermark(this.#partition.log.logStartOffset, (id) => this.#host.isAlive(id))
  }

  /** True until the first offset of this term is known to be committed: older offsets may be answered wrongly. */
  get isHighWatermarkBehindEpoch(): boolean {
    return this.#leadership.epochStartOffset > this.#highWatermark.offset
  }

  /** What the metadata says of the same term now. */
  assign(image: PartitionImage): void {
    this.#leadership.assign(image, this.#host.clock.monotonicMs())
    this.advanceHighWatermark()
    this.#expandIsr()
  }

  /** Followers in sync that hold an offset. */
  followersWith(offset: number): readonly { readonly brokerId: number; readonly logEndOffset: number }[] {
    const { followers, isr } = this.#leadership
    return followers.filter(
      ({ brokerId, logStartOffset, logEndOffset }) =>
        isr.includes(brokerId) && logStartOffset <= offset && logEndOffset >= offset,
    )
  }

  /**
   * Notes how far a follower is. Moves the high watermark and may propose the follower for the ISR. Answers NONE, or
   * UNKNOWN_LEADER_EPOCH for a replica that we have not heard of: newer metadata may name it.
   */
  recordFetch(fetch: FollowerFetch): ErrorCode {
    const nowMs = this.#host.clock.monotonicMs()
    const isKnown = this.#leadership.recordFetch(fetch, this.#partition.logEndOffset, nowMs)
    if (!isKnown) return errorCodes.UNKNOWN_LEADER_EPOCH
    this.#expandIsr()
    this.advanceHighWatermark()
    this.#deleted.advance(this.lowWatermark)
    return errorCodes.NONE
  }

  /** A dead follower no longer holds back the low watermark; one that came to life may join the ISR while its poll waits. */
  noticeLivenessChange(): void {
    this.advanceHighWatermark()
    this.#expandIsr()
    this.#deleted.advance(this.lowWatermark)
  }

  shrinkIsr(): void {
    const { clock, brokerEpoch } = this.#host
    const proposal = this.#leadership.proposeShrink(this.#partition.logEndOffset, clock.monotonicMs(), brokerEpoch)
    if (proposal !== undefined) this.#host.proposeIsr(this.#partition, proposal)
    // A replica outside the ISR that fell behind no longer counts.
    this.advanceHighWatermark()
  }

  /** Proposes one follower that may join, if there is one; the next is proposed after the answer. */
  #expandIsr(): void {
    const { clock, brokerEpoch } = this.#host
    const highWatermark = this.#highWatermark.offset
    const proposal = this.#leadership.proposeExpansion(highWatermark, clock.monotonicMs(), brokerEpoch)
    if (proposal !== undefined) this.#host.proposeIsr(this.#partition, proposal)
  }

  /** Whether this term still waits for an answer to the proposal. */
  isAwaiting(proposal: IsrProposal): boolean {
    const leadership = this.#leadership
    return (
      leadership.isProposing &&
      leadership.leaderEpoch === proposal.leaderEpoch &&
      leadership.partitionEpoch === proposal.partitionEpoch
    )
  }

  confirmIsr(leaderEpoch: number, isr: readonly number[], partitionEpoch: number): void {
    if (this.#leadership.leaderEpoch !== leaderEpoch) return
    if (!this.#leadership.confirm(isr, partitionEpoch)) return
    this.advanceHighWatermark()
    this.#expandIsr()
  }

  withdrawProposal(proposal: IsrProposal): void {
    if (this.isAwaiting(proposal)) this.#leadership.withdrawProposal()
  }

  advanceHighWatermark(): void {
    const { log, config } = this.#partition
    const current = this.#highWatermark.offset
    const nowMs = this.#host.clock.monotonicMs()
    const offset = this.#leadership.computeHighWatermark(current, log.logEndOffset, config.minInSyncReplicas, nowMs)
    if (offset !== current) this.#highWatermark.advance(offset)
  }

  requireEnoughReplicas(code: ErrorCode): void {
    const { topic, index, config } = this.#partition
    const minIsr = this.#leadership.effectiveMinIsr(config.minInSyncReplicas)
    const { isr } = this.#leadership
    if (isr.length >= minIsr) return
    throw new KafkaError(
      code,
      `The in-sync replicas of ${topic}-${index} are ${isr.join(', ')}: fewer than the required ${minIsr}`,
    )
  }
}

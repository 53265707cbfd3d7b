import { FollowerProgress } from './follower-progress.ts'

export interface PartitionAssignment {
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly partitionEpoch: number
}

/** A new in-sync set for the controller to confirm. Broker epochs let it refuse a replica that restarted meanwhile. */
export interface IsrProposal {
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly isr: readonly { readonly brokerId: number; readonly brokerEpoch: number }[]
}

export interface FollowerFetch {
  readonly replicaId: number
  readonly brokerEpoch: number
  readonly fetchOffset: number
  readonly logStartOffset: number
}

/**
 * One term of a leader: what it knows of its followers, the in-sync set and how far the high watermark may go. Pure:
 * time and the log's end are passed in.
 *
 * The in-sync set changes only when the controller says so. While a proposal is with it no other one is made; a replica
 * that is being added already counts for the high watermark, one that is being removed still does (the maximal ISR).
 */
export class Leadership {
  readonly leaderEpoch: number
  /** Where this term's own records begin. A follower must have all before it to join the ISR. */
  readonly epochStartOffset: number
  readonly #nodeId: number
  readonly #lagTimeMaxMs: number
  /** Registered, not fenced, not shutting down, and still the process that fetched. */
  readonly #isEligible: (brokerId: number, brokerEpoch: number) => boolean
  #followers: FollowerProgress[]
  #isr: readonly number[]
  #partitionEpoch: number
  #proposedIsr: readonly number[] | undefined

  constructor(options: {
    nodeId: number
    leaderEpoch: number
    epochStartOffset: number
    assignment: PartitionAssignment
    lagTimeMaxMs: number
    isEligible: (brokerId: number, brokerEpoch: number) => boolean
    nowMs: number
  }) {
    this.leaderEpoch = options.leaderEpoch
    this.epochStartOffset = options.epochStartOffset
    this.#nodeId = options.nodeId
    this.#lagTimeMaxMs = options.lagTimeMaxMs
    this.#isEligible = options.isEligible
    this.#isr = options.assignment.isr
    this.#partitionEpoch = options.assignment.partitionEpoch
    this.#followers = this.#remoteReplicas(options.assignment).map(
      (id) => new FollowerProgress(id, this.#isr.includes(id), options.nowMs),
    )
  }

  /** As confirmed by the controller. */
  get isr(): readonly number[] {
    return this.#isr
  }

  get partitionEpoch(): number {
    return this.#partitionEpoch
  }

  get followers(): readonly FollowerProgress[] {
    return this.#followers
  }

  get isProposing(): boolean {
    return this.#proposedIsr !== undefined
  }

  /** `min.insync.replicas` cannot ask for more replicas than there are. */
  effectiveMinIsr(minInSyncReplicas: number): number {
    return Math.min(minInSyncReplicas, this.#followers.length + 1)
  }

  /** What the metadata says now. It may be older than what an answer of the controller already told us. */
  assign(assignment: PartitionAssignment, nowMs: number): void {
    if (assignment.partitionEpoch <= this.#partitionEpoch) return
    this.#confirm(assignment.isr, assignment.partitionEpoch)
    const known = new Map(this.#followers.map((follower) => [follower.brokerId, follower]))
    this.#followers = this.#remoteReplicas(assignment).map(
      (id) => known.get(id) ?? new FollowerProgress(id, this.#isr.includes(id), nowMs),
    )
  }

  /** `false` when the replica is not one of this partition's. */
  recordFetch(fetch: FollowerFetch, logEndOffset: number, nowMs: number): boolean {
    const follower = this.#follower(fetch.replicaId)
    if (follower === undefined) return false
    follower.recordFetch({
      fetchOffset: fetch.fetchOffset,
      logStartOffset: fetch.logStartOffset,
      brokerEpoch: fetch.brokerEpoch,
      leaderLogEndOffset: logEndOffset,
      nowMs,
    })
    return true
  }

  /**
   * How far all replicas that count have the log, never below `current`. Below the min ISR it stands still (KIP-966), so
   * that a record which was seen by a consumer is on that many replicas.
   */
  computeHighWatermark(current: number, logEndOffset: number, minInSyncReplicas: number, nowMs: number): number {
    if (this.#isr.length < this.effectiveMinIsr(minInSyncReplicas)) return current
    let offset = logEndOffset
    for (const follower of this.#followers) {
      if (follower.logEndOffset < offset && this.#counts(follower, logEndOffset, nowMs)) offset = follower.logEndOffset
    }
    return Math.max(current, offset)
  }

  /** The oldest offset that every live replica still keeps. */
  lowWatermark(logStartOffset: number, isAlive: (brokerId: number) => boolean): number {
    let offset = logStartOffset
    for (const follower of this.#followers) {
      if (isAlive(follower.brokerId)) offset = Math.min(offset, follower.logStartOffset)
    }
    return offset
  }

  /**
   * Takes a follower into the ISR that has all that was promised to anyone, and all that came before this term. It must
   * still be fetching: one that hangs where the high watermark stands would otherwise join again as soon as it has left.
   */
  proposeExpansion(highWatermark: number, nowMs: number, ownBrokerEpoch: number): IsrProposal | undefined {
    if (this.isProposing || this.#isr.length > this.#followers.length) return undefined
    const offsetMin = Math.max(highWatermark, this.epochStartOffset)
    const joining = this.#followers.find(
      (follower) =>
        !this.#isr.includes(follower.brokerId) &&
        follower.logEndOffset >= offsetMin &&
        follower.hasFetchedSince(nowMs - this.#lagTimeMaxMs) &&
        this.#isEligible(follower.brokerId, follower.brokerEpoch),
    )
    return joining === undefined ? undefined : this.#propose([...this.#isr, joining.brokerId], ownBrokerEpoch)
  }

  proposeShrink(logEndOffset: number, nowMs: number, ownBrokerEpoch: number): IsrProposal | undefined {
    if (this.isProposing) return undefined
    const isr = this.#isr.filter(
      (id) => this.#follower(id)?.isCaughtUp(logEndOffset, nowMs, this.#lagTimeMaxMs) ?? id === this.#nodeId,
    )
    return isr.length === this.#isr.length ? undefined : this.#propose(isr, ownBrokerEpoch)
  }

  /** The controller's answer to a proposal. `false` when the metadata was faster. */
  confirm(isr: readonly number[], partitionEpoch: number): boolean {
    if (partitionEpoch <= this.#partitionEpoch) return false
    this.#confirm(isr, partitionEpoch)
    return true
  }

  /** The controller refused; what it confirmed last is in force. */
  withdrawProposal(): void {
    this.#proposedIsr = undefined
  }

  #confirm(isr: readonly number[], partitionEpoch: number): void {
    this.#isr = isr
    this.#partitionEpoch = partitionEpoch
    this.#proposedIsr = undefined
  }

  #propose(isr: readonly number[], ownBrokerEpoch: number): IsrProposal {
    this.#proposedIsr = isr
    return {
      leaderEpoch: this.leaderEpoch,
      partitionEpoch: this.#partitionEpoch,
      isr: isr.map((brokerId) => ({
        brokerId,
        brokerEpoch: brokerId === this.#nodeId ? ownBrokerEpoch : (this.#follower(brokerId)?.brokerEpoch ?? -1),
      })),
    }
  }

  /** A replica outside the ISR that keeps up is waited for, or it could never reach the high watermark and join. */
  #counts(follower: FollowerProgress, logEndOffset: number, nowMs: number): boolean {
    const { brokerId } = follower
    if (this.#isr.includes(brokerId) || this.#proposedIsr?.includes(brokerId)) return true
    return (
      follower.isCaughtUp(logEndOffset, nowMs, this.#lagTimeMaxMs) && this.#isEligible(brokerId, follower.brokerEpoch)
    )
  }

  #remoteReplicas(assignment: PartitionAssignment): number[] {
    return assignment.replicas.filter((id) => id !== this.#nodeId)
  }

  #follower(brokerId: number): FollowerProgress | undefined {
    for (const follower of this.#followers) if (follower.brokerId === brokerId) return follower
    return undefined
  }
}

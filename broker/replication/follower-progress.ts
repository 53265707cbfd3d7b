/** Nothing was heard of the follower yet. */
const unknownOffset = -1

/**
 * What a leader knows of one follower, learned from its fetches.
 *
 * A follower is caught up at the moment of a fetch that asked for the leader's log end. One that never quite reaches the
 * end, because records keep arriving, counts as caught up at its previous fetch when it now asks for what was the end
 * then (Kafka's Replica.java).
 */
export class FollowerProgress {
  readonly brokerId: number
  logEndOffset = unknownOffset
  logStartOffset = unknownOffset
  /** The follower's registration at its last fetch, -1 when it has not fetched. */
  brokerEpoch = -1
  #lastCaughtUpMs: number
  #lastFetchMs = Number.NEGATIVE_INFINITY
  #leaderLogEndAtLastFetch = unknownOffset

  /** A new leader gives the members of the ISR the benefit of the doubt: they count as caught up when it starts. */
  constructor(brokerId: number, isInSync: boolean, nowMs: number) {
    this.brokerId = brokerId
    this.#lastCaughtUpMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY
  }

  recordFetch(fetch: {
    fetchOffset: number
    logStartOffset: number
    brokerEpoch: number
    leaderLogEndOffset: number
    nowMs: number
  }): void {
    if (fetch.fetchOffset >= fetch.leaderLogEndOffset) this.#lastCaughtUpMs = fetch.nowMs
    else if (fetch.fetchOffset >= this.#leaderLogEndAtLastFetch && this.#leaderLogEndAtLastFetch !== unknownOffset) {
      this.#lastCaughtUpMs = Math.max(this.#lastCaughtUpMs, this.#lastFetchMs)
    }
    this.logEndOffset = fetch.fetchOffset
    this.logStartOffset = fetch.logStartOffset
    this.brokerEpoch = fetch.brokerEpoch
    this.#leaderLogEndAtLastFetch = Math.max(fetch.leaderLogEndOffset, this.#leaderLogEndAtLastFetch)
    this.#lastFetchMs = fetch.nowMs
  }

  hasFetchedSince(timeMs: number): boolean {
    return this.#lastFetchMs >= timeMs
  }

  isCaughtUp(leaderLogEndOffset: number, nowMs: number, lagTimeMaxMs: number): boolean {
    return this.logEndOffset === leaderLogEndOffset || nowMs - this.#lastCaughtUpMs <= lagTimeMaxMs
  }
}

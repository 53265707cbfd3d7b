export interface FollowerState {
  readonly brokerId: number
  readonly logEndOffset: number
  readonly lastFetchTimestampMs: number
  readonly lastCaughtUpTimestampMs: number
}

interface Progress extends FollowerState {
  /** The end of the log at the last fetch. */
  readonly leaderEndOffset: number
}

/** How far each broker has read the metadata log, as its fetches tell. Times are of the wall clock: they are shown. */
export class MetadataFollowers {
  readonly #progress = new Map<number, Progress>()

  fetched(brokerId: number, fetchOffset: number, leaderEndOffset: number, nowMs: number): void {
    const previous = this.#progress.get(brokerId)
    this.#progress.set(brokerId, {
      brokerId,
      logEndOffset: fetchOffset,
      leaderEndOffset,
      lastFetchTimestampMs: nowMs,
      lastCaughtUpTimestampMs: caughtUpAt(previous, fetchOffset, leaderEndOffset, nowMs),
    })
  }

  find(brokerId: number): FollowerState | undefined {
    return this.#progress.get(brokerId)
  }
}

/** A follower that asks for what was the end at its last fetch had everything at that time (KIP-836). */
function caughtUpAt(
  previous: Progress | undefined,
  fetchOffset: number,
  leaderEndOffset: number,
  nowMs: number,
): number {
  if (fetchOffset >= leaderEndOffset) return nowMs
  if (previous === undefined) return -1
  return fetchOffset >= previous.leaderEndOffset ? previous.lastFetchTimestampMs : previous.lastCaughtUpTimestampMs
}

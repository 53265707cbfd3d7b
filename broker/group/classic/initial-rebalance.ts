/**
 * How long the first rebalance of an empty group waits for more members: a delay, and again as long while new ones keep
 * coming, up to the group's rebalance timeout (KIP-134).
 */
export class InitialRebalance {
  readonly #delayMsMax: number
  #delayMs: number
  #remainingMs: number
  #hasNewMember = false

  constructor(delayMs: number, rebalanceTimeoutMs: number) {
    this.#delayMsMax = delayMs
    this.#delayMs = delayMs
    this.#remainingMs = Math.max(rebalanceTimeoutMs - delayMs, 0)
  }

  noticeMember(): void {
    this.#hasNewMember = true
  }

  /** Called when a delay is over. The next one, or undefined when the rebalance should begin. */
  nextDelayMs(): number | undefined {
    if (!this.#hasNewMember || this.#remainingMs === 0) return undefined
    const delayMs = Math.min(this.#delayMsMax, this.#remainingMs)
    this.#remainingMs = Math.max(this.#remainingMs - this.#delayMs, 0)
    this.#delayMs = delayMs
    this.#hasNewMember = false
    return delayMs
  }
}

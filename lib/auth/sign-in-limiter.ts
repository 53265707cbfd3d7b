/** Failures that cost nothing: people mistype. */
const freeFailures = 4
const firstWaitMs = 1_000
/** Guessing from one address stays below two tries a minute and account; whoever owns the account waits this long at most. */
const waitMsMax = 30_000
/** All addresses together may fail this often a minute at one account before each try has to wait a little. */
const freeFailuresOfAccount = 60
const forgetAfterMs = 15 * 60_000
const keysMax = 10_000

interface Failures {
  count: number
  lastAtMs: number
}

/**
 * Slows down password guessing without locking anybody out: waits grow with the failures of one address at one account,
 * so that a guesser elsewhere does not keep the owner out. In memory: a restart forgets.
 */
export class SignInLimiter {
  readonly #failures = new Map<string, Failures>()

  /** How long this sign-in has to wait still; 0 when it may be tried now. */
  waitMs(attempt: { email: string; address: string }, nowMs: number): number {
    return Math.max(
      remaining(this.#failures.get(keyOf(attempt)), freeFailures, waitMsMax, nowMs),
      remaining(this.#failures.get(accountKey(attempt)), freeFailuresOfAccount, 2 * firstWaitMs, nowMs),
    )
  }

  failed(attempt: { email: string; address: string }, nowMs: number): void {
    for (const key of [keyOf(attempt), accountKey(attempt)]) {
      const known = this.#failures.get(key)
      const count = known === undefined || nowMs - known.lastAtMs > forgetAfterMs ? 1 : known.count + 1
      this.#failures.delete(key)
      this.#failures.set(key, { count, lastAtMs: nowMs })
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= keysMax) break
      this.#failures.delete(key)
    }
  }

  succeeded(attempt: { email: string; address: string }): void {
    this.#failures.delete(keyOf(attempt))
    this.#failures.delete(accountKey(attempt))
  }
}

function keyOf(attempt: { email: string; address: string }): string {
  return `${attempt.address} ${attempt.email.toLowerCase()}`
}

function accountKey(attempt: { email: string }): string {
  return `* ${attempt.email.toLowerCase()}`
}

function remaining(failures: Failures | undefined, free: number, max: number, nowMs: number): number {
  if (failures === undefined || failures.count <= free) return 0
  const wait = Math.min(max, firstWaitMs * 2 ** Math.min(failures.count - free - 1, 20))
  return Math.max(0, failures.lastAtMs + wait - nowMs)
}

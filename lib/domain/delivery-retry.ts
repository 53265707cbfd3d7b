const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const delaysMs = [secondMs, 5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs]
const giveUpAfterMs = 24 * hourMs

/**
 * When to try again after the attempt with this number (from 1), `undefined` to give up: soon at first, then hourly, for
 * a day. `jitter` in [0, 1) spreads what failed together over the second half of the delay. A receiver that says when it
 * wants to be asked again is not asked before.
 */
export function computeRetryAtMs(failure: {
  attempts: number
  createdAtMs: number
  nowMs: number
  jitter: number
  retryAfterMs?: number | undefined
}): number | undefined {
  const delayMs = delaysMs[Math.min(failure.attempts, delaysMs.length) - 1] ?? secondMs
  const atMs = failure.nowMs + Math.max(Math.round(delayMs * (0.5 + failure.jitter / 2)), failure.retryAfterMs ?? 0)
  return atMs - failure.createdAtMs > giveUpAfterMs ? undefined : atMs
}

import { setTimeout as sleep } from 'node:timers/promises'

/** Resolves with what `probe` gives as soon as it gives anything but `undefined` or `false`; rejects after `timeoutMs`. */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 45_000, intervalMs = 25 } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    const value = await probe()
    if (value !== undefined && value !== false) return value
    await sleep(intervalMs)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`)
}

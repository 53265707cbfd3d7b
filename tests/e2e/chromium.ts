import { existsSync } from 'node:fs'

/** Debian's Chromium, or what the environment says. */
export const chromiumPath = process.env.CHROMIUM || '/usr/bin/chromium'

export function findChromiumFault(): string | undefined {
  if (existsSync(chromiumPath)) return undefined
  return `Chromium is not at ${chromiumPath}: install it (Debian: apt-get install chromium) or set CHROMIUM to its path.`
}

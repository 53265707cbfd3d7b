import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Compiles `lib` and `broker` to `dist/` once before a run: brokers and the console are child processes of plain Node,
 * which cannot run TypeScript at our floor version.
 * The launcher is told that it is built, or it would compile again under the brokers of other tests.
 */
export default function buildDist(): void {
  execFileSync('npm', ['run', '--silent', 'build:server'], { stdio: 'inherit' })
  writeFileSync(fileURLToPath(new URL('../../dist/.built', import.meta.url)), '')
}

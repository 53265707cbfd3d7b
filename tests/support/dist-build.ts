import { execFileSync } from 'node:child_process'

/**
 * Compiles `lib` and `broker` to `dist/` once before a run: brokers and the console are child processes of plain Node,
 * which cannot run TypeScript at our floor version.
 */
export default function buildDist(): void {
  execFileSync('npm', ['run', '--silent', 'build:server'], { stdio: 'inherit' })
}

import { spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PostgresStartError } from './postgres-start-error.ts'

/** A server that lost its parent says `stopping` within milliseconds and then writes out its data. */
const waitWhileReadyMs = 1_000
const waitWhileStoppingMs = 30_000
const pollMs = 20

/**
 * A server that was killed leaves its lock file. Postgres itself only looks whether some process has that id, which after
 * a reboot or in a new container may be anybody: we look whether that process is a server of this very folder. A server
 * whose parent has just died is still writing out its data; it is waited for.
 */
export async function removeStaleLock(database: string): Promise<void> {
  const lock = path.join(database, 'postmaster.pid')
  const startedAt = performance.now()
  while (true) {
    const lines = (await readFile(lock, 'utf8').catch(() => '')).split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 0) return
    if (!(await isServerOf(pid, database))) break
    const patienceMs = lines[7]?.trim() === 'ready' ? waitWhileReadyMs : waitWhileStoppingMs
    if (performance.now() - startedAt > patienceMs) {
      throw new PostgresStartError(
        `The database in ${database} is in use by process ${pid}: another Eyrie runs on this data folder. Stop it, or set EYRIE_DATA_DIR to another folder.`,
      )
    }
    await delay(pollMs)
  }
  await rm(lock, { force: true })
}

async function isServerOf(pid: number, database: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() =>
    process.platform === 'linux'
      ? ''
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout,
  )
  return commandLine.includes(database)
}

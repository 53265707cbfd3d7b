import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DirectoryLock, isMissing } from './file-system.ts'

const fileName = '.lock'

/**
 * Keeps a second process out of a log directory. Node has no flock, so the file names its owner: the process id, and on
 * Linux when that process started, since ids are used again, above all in containers.
 */
export class LockFile implements DirectoryLock {
  readonly #path: string

  /** @throws Error when a living process holds it. */
  static acquire(directory: string): LockFile {
    const path = join(directory, fileName)
    const owner = readOwner(path)
    if (owner !== undefined && owner.processId !== process.pid && isAlive(owner)) {
      throw new Error(`The log directory ${directory} is used by process ${owner.processId}`)
    }
    rmSync(path, { force: true })
    writeFileSync(path, `${process.pid} ${startOf(process.pid)}\n`, { flag: 'wx' })
    return new LockFile(path)
  }

  private constructor(path: string) {
    this.#path = path
  }

  release(): void {
    rmSync(this.#path, { force: true })
  }
}

interface Owner {
  processId: number
  start: string
}

function readOwner(path: string): Owner | undefined {
  const match = /^(\d+) (\S+)/.exec(readTextIfThere(path))
  return match === null ? undefined : { processId: Number(match[1]), start: match[2] ?? '' }
}

function isAlive({ processId, start }: Owner): boolean {
  try {
    process.kill(processId, 0)
  } catch (error) {
    // EPERM: it lives, under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return startOf(processId) === start
}

/** In clock ticks since boot, the 22nd field of Linux's stat; elsewhere the same for all. */
function startOf(processId: number): string {
  const stat = readTextIfThere(`/proc/${processId}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown'
}

function readTextIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

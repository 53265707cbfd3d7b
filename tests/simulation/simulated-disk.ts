import { dirname } from 'node:path'
import type { DirectoryLock } from '../../broker/log/file-system.ts'
import { Inode } from './inode.ts'
import type { Random } from './random.ts'
import { systemError } from './system-error.ts'
import { type EventOwner, nature, type Timeline } from './timeline.ts'

interface Entry {
  inode: Inode | undefined
}

interface UnsyncedEntry {
  readonly directory: string
  undo(): void
}

/** An operation that the process waits for; when it is killed meanwhile, it may have happened, or half of it. */
interface InFlight {
  readonly owner: EventOwner
  readonly act: () => void
  readonly tear: ((fraction: number) => void) | undefined
}

/** What can be told to go wrong at a process's disk operations. */
export interface DiskTrouble {
  readonly slowMs: number
  /** Probability that a write to a file, or its sync, fails with EIO. */
  readonly writeFailures: number
  readonly readFailures: number
}

const noTrouble: DiskTrouble = { slowMs: 0, writeFailures: 0, readFailures: 0 }

/**
 * Files and folders of the whole machine, in memory. Writes reach the files after a while, as they do through Node's
 * threads. Killing a process loses nothing but what was under way; `losePower` loses, below one folder, what was not synced:
 * of each file's writes the last ones, of the folder's entries likewise.
 */
export class SimulatedDisk {
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #entries = new Map<string, Entry>([['/', { inode: undefined }]])
  readonly #inFlight = new Set<InFlight>()
  readonly #locks = new Map<string, EventOwner>()
  readonly #trouble = new Map<EventOwner, DiskTrouble>()
  #unsyncedEntries: UnsyncedEntry[] = []

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline
    this.#random = random
  }

  trouble(owner: EventOwner, trouble: DiskTrouble | undefined): void {
    if (trouble === undefined) this.#trouble.delete(owner)
    else this.#trouble.set(owner, trouble)
  }

  kill(owner: EventOwner): void {
    for (const operation of [...this.#inFlight]) {
      if (operation.owner !== owner) continue
      this.#inFlight.delete(operation)
      const fate = this.#random.fraction()
      try {
        if (fate < 0.4) operation.act()
        else if (fate < 0.7) operation.tear?.(this.#random.fraction())
      } catch {
        // It would have failed; nobody is left to hear of it.
      }
    }
  }

  losePower(directory: string): void {
    const isBelow = (path: string) => path === directory || path.startsWith(`${directory}/`)
    for (const [path, { inode }] of this.#entries) if (inode !== undefined && isBelow(path)) this.#loseWrites(inode)
    const endangered = this.#unsyncedEntries.filter((entry) => isBelow(entry.directory))
    const kept = this.#random.integer(endangered.length + 1)
    for (const entry of endangered.slice(kept).reverse()) entry.undo()
    this.#unsyncedEntries = this.#unsyncedEntries.filter((entry) => !isBelow(entry.directory))
  }

  #loseWrites(inode: Inode): void {
    const { unsynced } = inode
    const kept = this.#random.chance(0.2) ? unsynced.length : this.#random.integer(unsynced.length + 1)
    for (const write of unsynced.slice(kept).reverse()) write.undo()
    if (this.#random.chance(0.5)) unsynced[kept]?.tear?.(this.#random.fraction())
    inode.unsynced = []
  }

  /** What is in a file now, whoever may know of it. */
  peek(path: string): Buffer | undefined {
    const inode = this.#entries.get(path)?.inode
    return inode === undefined ? undefined : Buffer.from(inode.bytes.subarray(0, inode.size))
  }

  list(directory: string): string[] {
    this.#requireDirectory(directory, 'scandir')
    const names: string[] = []
    for (const path of this.#entries.keys()) {
      if (path !== directory && dirname(path) === directory) names.push(path.slice(path.lastIndexOf('/') + 1))
    }
    return names.sort()
  }

  find(path: string): Entry | undefined {
    return this.#entries.get(path)
  }

  lock(owner: EventOwner, directory: string): DirectoryLock {
    const holder = this.#locks.get(directory)
    if (holder?.isAlive && holder !== owner) throw new Error(`${directory} is used by another process`)
    this.#locks.set(directory, owner)
    return {
      release: () => {
        if (this.#locks.get(directory) === owner) this.#locks.delete(directory)
      },
    }
  }

  makeDirectory(path: string): void {
    if (this.#entries.has(path)) return
    this.makeDirectory(dirname(path))
    this.#add(path, { inode: undefined })
  }

  openOrCreate(path: string): Inode {
    const existing = this.#entries.get(path)
    if (existing?.inode !== undefined) return existing.inode
    if (existing !== undefined) throw systemError('EISDIR', 'open', path)
    this.#requireDirectory(dirname(path), 'open')
    const inode = new Inode(this.#timeline)
    this.#add(path, { inode })
    return inode
  }

  /** Files and folders, with all that is in them. */
  rename(from: string, to: string): void {
    const moved = this.#below(from)
    if (moved.length === 0) throw systemError('ENOENT', 'rename', from)
    this.#requireDirectory(dirname(to), 'rename')
    const replaced = this.#below(to)
    if (replaced.length > 1) throw systemError('ENOTEMPTY', 'rename', to)
    this.#move(moved, replaced, from, to)
    this.#remember(dirname(from), () => {
      this.#move(this.#below(to), [], to, from)
      for (const [path, entry] of replaced) this.#entries.set(path, entry)
    })
  }

  remove(path: string): void {
    const removed = this.#below(path)
    for (const [below] of removed) this.#entries.delete(below)
    if (removed.length === 0) return
    this.#remember(dirname(path), () => {
      for (const [below, entry] of removed) this.#entries.set(below, entry)
    })
  }

  syncDirectory(path: string): void {
    this.#requireDirectory(path, 'open')
    this.#unsyncedEntries = this.#unsyncedEntries.filter(({ directory }) => directory !== path)
  }

  /** Does it after a while; then tells the process, which may be stopped at that time. */
  later<Value>(
    owner: EventOwner,
    kind: 'read' | 'write' | 'sync',
    act: () => Value,
    tear?: (fraction: number) => void,
  ): Promise<Value> {
    const { slowMs, writeFailures, readFailures } = this.#trouble.get(owner) ?? noTrouble
    const isFailing = this.#random.chance(kind === 'read' ? readFailures : writeFailures)
    const delayMs = this.#latencyMs(kind) + slowMs * this.#random.fraction()
    return new Promise((resolve, reject) => {
      const operation: InFlight = { owner, act, tear }
      this.#inFlight.add(operation)
      this.#timeline.after(delayMs, nature, () => {
        if (!this.#inFlight.delete(operation)) return
        try {
          if (isFailing) {
            if (kind === 'write' && this.#random.chance(0.5)) tear?.(this.#random.fraction())
            throw systemError('EIO', kind)
          }
          const value = act()
          this.#timeline.whenRunning(owner, () => resolve(value))
        } catch (error) {
          this.#timeline.whenRunning(owner, () => reject(error))
        }
      })
    })
  }

  #latencyMs(kind: 'read' | 'write' | 'sync'): number {
    const isStalled = this.#random.chance(0.005)
    const usualMs = kind === 'sync' ? this.#random.between(0.2, 3) : this.#random.between(0.01, 0.3)
    return isStalled ? usualMs + this.#random.between(0, 100) : usualMs
  }

  #below(path: string): [string, Entry][] {
    return [...this.#entries].filter(([other]) => other === path || other.startsWith(`${path}/`))
  }

  #move(moved: [string, Entry][], replaced: [string, Entry][], from: string, to: string): void {
    for (const [path] of replaced) this.#entries.delete(path)
    for (const [path, entry] of moved) {
      this.#entries.delete(path)
      this.#entries.set(to + path.slice(from.length), entry)
    }
  }

  #add(path: string, entry: Entry): void {
    this.#entries.set(path, entry)
    this.#remember(dirname(path), () => {
      for (const [below] of this.#below(path)) this.#entries.delete(below)
    })
  }

  #remember(directory: string, undo: () => void): void {
    this.#unsyncedEntries.push({ directory, undo })
  }

  #requireDirectory(path: string, syscall: string): void {
    const entry = this.#entries.get(path)
    if (entry === undefined) throw systemError('ENOENT', syscall, path)
    if (entry.inode !== undefined) throw systemError('ENOTDIR', syscall, path)
  }
}

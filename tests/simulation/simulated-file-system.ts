import { dirname } from 'node:path'
import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'
import type { Inode } from './inode.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { systemError } from './system-error.ts'
import type { EventOwner } from './timeline.ts'

/** The disk as one process sees it. Looking is done at once, as by NodeFileSystem; what changes something takes its time. */
export class SimulatedFileSystem implements FileSystem {
  readonly #disk: SimulatedDisk
  readonly #owner: EventOwner

  constructor(disk: SimulatedDisk, owner: EventOwner) {
    this.#disk = disk
    this.#owner = owner
  }

  file(path: string): LogFile {
    return new SimulatedFile(this.#disk, this.#owner, path)
  }

  async makeDirectory(path: string): Promise<void> {
    this.#disk.makeDirectory(path)
  }

  async list(directory: string): Promise<string[]> {
    return this.#disk.list(directory)
  }

  async exists(path: string): Promise<boolean> {
    return this.#disk.find(path) !== undefined
  }

  async sizeOf(path: string): Promise<number | undefined> {
    const entry = this.#disk.find(path)
    return entry === undefined ? undefined : (entry.inode?.size ?? 4096)
  }

  async modifiedMs(path: string): Promise<number | undefined> {
    return this.#disk.find(path)?.inode?.modifiedMs
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    return this.#disk.peek(path)
  }

  async writeFile(path: string, bytes: Buffer | string): Promise<void> {
    await this.#overwrite(path, Buffer.from(bytes))
  }

  async replaceFile(path: string, bytes: Buffer | string, { isSynced = true } = {}): Promise<void> {
    const temporary = `${path}.tmp`
    const inode = await this.#overwrite(temporary, Buffer.from(bytes))
    if (isSynced) await this.#sync(inode)
    await this.rename(temporary, path)
    if (isSynced) await this.syncDirectory(dirname(path))
  }

  rename(from: string, to: string): Promise<void> {
    return this.#disk.later(this.#owner, 'write', () => this.#disk.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.#disk.later(this.#owner, 'write', () => this.#disk.remove(path))
  }

  syncDirectory(path: string): Promise<void> {
    return this.#disk.later(this.#owner, 'sync', () => this.#disk.syncDirectory(path))
  }

  async usage(): Promise<DiskUsage> {
    return { totalBytes: 2 ** 40, usableBytes: 2 ** 39 }
  }

  lock(directory: string): DirectoryLock {
    return this.#disk.lock(this.#owner, directory)
  }

  #overwrite(path: string, bytes: Buffer): Promise<Inode> {
    const write = (fraction: number) => {
      const inode = this.#disk.openOrCreate(path)
      inode.truncate(0)
      inode.write(bytes.subarray(0, Math.floor(fraction * bytes.length)), 0)
      return inode
    }
    return this.#disk.later(this.#owner, 'write', () => write(1), write)
  }

  #sync(inode: Inode): Promise<void> {
    return this.#disk.later(this.#owner, 'sync', () => {
      inode.unsynced = []
    })
  }
}

class SimulatedFile implements LogFile {
  readonly #disk: SimulatedDisk
  readonly #owner: EventOwner
  #path: string
  #inode: Inode | undefined

  constructor(disk: SimulatedDisk, owner: EventOwner, path: string) {
    this.#disk = disk
    this.#owner = owner
    this.#path = path
  }

  get path(): string {
    return this.#path
  }

  write(buffers: readonly Buffer[], position: number): Promise<void> {
    // The buffers are read when the write happens: whoever changes them before has torn his own record.
    const write = (fraction: number) => {
      const bytes = Buffer.concat(buffers)
      this.#open().write(bytes.subarray(0, Math.floor(fraction * bytes.length)), position)
    }
    return this.#disk.later(this.#owner, 'write', () => write(1), write)
  }

  read(into: Buffer, position: number): Promise<number> {
    return this.#disk.later(this.#owner, 'read', () => this.#openExisting().read(into, position))
  }

  size(): Promise<number> {
    return this.#disk.later(this.#owner, 'read', () => this.#openExisting().size)
  }

  truncate(size: number): Promise<void> {
    return this.#disk.later(this.#owner, 'write', () => this.#open().truncate(size))
  }

  sync(): Promise<void> {
    // What is written while the sync is under way is not covered by it.
    const covered = this.#inode?.changes ?? 0
    return this.#disk.later(this.#owner, 'sync', () => {
      const inode = this.#open()
      inode.unsynced = inode.unsynced.filter(({ order }) => order >= covered)
    })
  }

  rename(path: string): Promise<void> {
    return this.#disk.later(this.#owner, 'write', () => {
      this.#disk.rename(this.#path, path)
      this.#path = path
    })
  }

  async close(): Promise<void> {
    this.#inode = undefined
  }

  /** On first use, as a descriptor is; the file stays reachable through it when its name is gone. */
  #open(): Inode {
    this.#inode ??= this.#disk.openOrCreate(this.#path)
    return this.#inode
  }

  #openExisting(): Inode {
    this.#inode ??= this.#disk.find(this.#path)?.inode
    if (this.#inode === undefined) throw systemError('ENOENT', 'open', this.#path)
    return this.#inode
  }
}

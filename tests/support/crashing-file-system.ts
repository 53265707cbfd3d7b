import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'

/** Carries out so many changes of the disk, then none any more: what a process leaves that is killed at that moment. */
export class CrashingFileSystem implements FileSystem {
  readonly #inner: FileSystem
  #changesLeft: number

  constructor(inner: FileSystem, changes: number) {
    this.#inner = inner
    this.#changesLeft = changes
  }

  /** Counts anew: so many changes are carried out from now on. */
  crashAfter(changes: number): void {
    this.#changesLeft = changes
  }

  get hasCrashed(): boolean {
    return this.#changesLeft < 0
  }

  file(path: string): LogFile {
    const file = this.#inner.file(path)
    return {
      get path() {
        return file.path
      },
      write: (buffers, position) => this.#change(() => file.write(buffers, position)),
      read: (into, position) => file.read(into, position),
      size: () => file.size(),
      truncate: (size) => this.#change(() => file.truncate(size)),
      sync: () => this.#change(() => file.sync()),
      rename: (to) => this.#change(() => file.rename(to)),
      close: () => file.close(),
    }
  }

  makeDirectory(path: string): Promise<void> {
    return this.#inner.makeDirectory(path)
  }

  list(directory: string): Promise<string[]> {
    return this.#inner.list(directory)
  }

  exists(path: string): Promise<boolean> {
    return this.#inner.exists(path)
  }

  sizeOf(path: string): Promise<number | undefined> {
    return this.#inner.sizeOf(path)
  }

  modifiedMs(path: string): Promise<number | undefined> {
    return this.#inner.modifiedMs(path)
  }

  readFile(path: string): Promise<Buffer | undefined> {
    return this.#inner.readFile(path)
  }

  writeFile(path: string, bytes: Buffer | string): Promise<void> {
    return this.#change(() => this.#inner.writeFile(path, bytes))
  }

  /** In its two steps. */
  async replaceFile(path: string, bytes: Buffer | string): Promise<void> {
    await this.writeFile(`${path}.tmp`, bytes)
    await this.rename(`${path}.tmp`, path)
  }

  rename(from: string, to: string): Promise<void> {
    return this.#change(() => this.#inner.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.#change(() => this.#inner.remove(path))
  }

  syncDirectory(path: string): Promise<void> {
    return this.#inner.syncDirectory(path)
  }

  lock(directory: string): DirectoryLock {
    return this.#inner.lock(directory)
  }

  usage(path: string): Promise<DiskUsage> {
    return this.#inner.usage(path)
  }

  async #change(carryOut: () => Promise<void>): Promise<void> {
    this.#changesLeft -= 1
    if (this.hasCrashed) throw Object.assign(new Error('EIO: crashed'), { code: 'EIO', syscall: 'write' })
    await carryOut()
  }
}

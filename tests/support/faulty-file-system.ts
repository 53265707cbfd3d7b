import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'

/** What happens to a write to a log file: `fail` leaves the file alone, `tear` writes only the first half of the bytes. */
export type WriteFault = 'fail' | 'tear'

/** Passes everything on to another file system until `failWrite` or `failReads` says what goes wrong. */
export class FaultyFileSystem implements FileSystem {
  readonly #inner: FileSystem
  #writesLeft = Number.POSITIVE_INFINITY
  #fault: WriteFault = 'fail'
  #pathPart = ''
  #unreadable: string | undefined

  constructor(inner: FileSystem) {
    this.#inner = inner
  }

  /** The nth write from now (1 is the next) to a file whose path contains `pathPart` goes wrong, and every one after it. */
  failWrite(nth: number, fault: WriteFault, pathPart = '.log'): void {
    this.#writesLeft = nth
    this.#fault = fault
    this.#pathPart = pathPart
  }

  /** Log files whose path contains `pathPart` cannot be read any more. */
  failReads(pathPart: string): void {
    this.#unreadable = pathPart
  }

  heal(): void {
    this.#unreadable = undefined
    this.#writesLeft = Number.POSITIVE_INFINITY
  }

  file(path: string): LogFile {
    const file = this.#inner.file(path)
    return {
      get path() {
        return file.path
      },
      write: async (buffers, position) => {
        if (!this.#isDue(file.path)) return file.write(buffers, position)
        if (this.#fault === 'tear') {
          const bytes = Buffer.concat(buffers)
          await file.write([bytes.subarray(0, Math.floor(bytes.length / 2))], position)
        }
        throw diskError()
      },
      read: async (into, position) => {
        if (this.#unreadable !== undefined && file.path.includes(this.#unreadable)) throw diskError()
        return file.read(into, position)
      },
      size: () => file.size(),
      truncate: (size) => file.truncate(size),
      sync: () => file.sync(),
      rename: (to) => file.rename(to),
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
    if (this.#isDue(path)) return Promise.reject(diskError())
    return this.#inner.writeFile(path, bytes)
  }

  replaceFile(path: string, bytes: Buffer | string, options?: { isSynced?: boolean }): Promise<void> {
    if (this.#isDue(path)) return Promise.reject(diskError())
    return this.#inner.replaceFile(path, bytes, options)
  }

  rename(from: string, to: string): Promise<void> {
    return this.#inner.rename(from, to)
  }

  remove(path: string): Promise<void> {
    return this.#inner.remove(path)
  }

  syncDirectory(path: string): Promise<void> {
    return this.#inner.syncDirectory(path)
  }

  usage(path: string): Promise<DiskUsage> {
    return this.#inner.usage(path)
  }

  lock(directory: string): DirectoryLock {
    return this.#inner.lock(directory)
  }

  #isDue(path: string): boolean {
    if (!path.includes(this.#pathPart)) return false
    this.#writesLeft--
    return this.#writesLeft <= 0
  }
}

function diskError(): Error {
  return Object.assign(new Error('Input/output error'), { code: 'EIO', syscall: 'read' })
}

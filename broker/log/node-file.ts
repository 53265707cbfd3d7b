import { close, constants, fdatasync, fstat, ftruncate, open, read, rename, writev } from 'node:fs'
import { promisify } from 'node:util'
import type { LogFile } from './file-system.ts'
import type { Closable, OpenFiles } from './open-files.ts'

const openFile = promisify(open)
const closeFile = promisify(close)
const truncateFile = promisify(ftruncate)
const syncFile = promisify(fdatasync)
const statFile = promisify(fstat)
const renameFile = promisify(rename)

const openOrCreate = constants.O_RDWR | constants.O_CREAT
/** A reader of a file that was deleted must not bring it back. */
const openExisting = constants.O_RDWR

/** IOV_MAX on Linux and macOS; a longer list is EINVAL. */
const buffersPerWriteMax = 1024

/** A file that holds a descriptor only while it is used or was used lately. */
export class NodeFile implements LogFile, Closable {
  readonly #openFiles: OpenFiles
  #path: string
  #descriptor: number | undefined
  #opening: Promise<number> | undefined
  #users = 0

  constructor(path: string, openFiles: OpenFiles) {
    this.#path = path
    this.#openFiles = openFiles
  }

  get path(): string {
    return this.#path
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    const descriptor = await this.#acquire()
    try {
      let at = position
      for (let i = 0; i < buffers.length; i += buffersPerWriteMax) {
        const some = buffers.length <= buffersPerWriteMax ? buffers : buffers.slice(i, i + buffersPerWriteMax)
        at += await writeAll(descriptor, some, at)
      }
    } finally {
      this.#users--
    }
  }

  async read(into: Buffer, position: number): Promise<number> {
    const descriptor = await this.#acquire(openExisting)
    try {
      let length = 0
      while (length < into.length) {
        const count = await readSome(descriptor, into, length, position + length)
        if (count === 0) break
        length += count
      }
      return length
    } finally {
      this.#users--
    }
  }

  async size(): Promise<number> {
    return Number((await this.#with(statFile, openExisting)).size)
  }

  truncate(size: number): Promise<void> {
    return this.#with((descriptor) => truncateFile(descriptor, size))
  }

  sync(): Promise<void> {
    return this.#with(syncFile)
  }

  /** Held open meanwhile, so that nobody opens it under the name that it is losing. */
  rename(path: string): Promise<void> {
    return this.#with(async () => {
      await renameFile(this.#path, path)
      this.#path = path
    }, openExisting)
  }

  async close(): Promise<void> {
    this.#openFiles.forget(this)
    if (this.#opening !== undefined) await this.#opening
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor !== undefined) await closeFile(descriptor)
  }

  closeIfIdle(): boolean {
    if (this.#users > 0 || this.#descriptor === undefined) return false
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    close(descriptor)
    return true
  }

  async #with<T>(use: (descriptor: number) => Promise<T>, flags = openOrCreate): Promise<T> {
    const descriptor = await this.#acquire(flags)
    try {
      return await use(descriptor)
    } finally {
      this.#users--
    }
  }

  #acquire(flags = openOrCreate): number | Promise<number> {
    this.#users++
    this.#openFiles.use(this)
    return this.#descriptor ?? this.#open(flags)
  }

  async #open(flags: number): Promise<number> {
    this.#opening ??= openFile(this.#path, flags, 0o644)
    try {
      this.#descriptor = await this.#opening
      return this.#descriptor
    } catch (error) {
      this.#users--
      throw error
    } finally {
      this.#opening = undefined
    }
  }
}

async function writeAll(descriptor: number, buffers: readonly Buffer[], position: number): Promise<number> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
  let rest = buffers
  for (let written = 0; written < total; ) {
    const count = await writeSome(descriptor, rest, position + written)
    written += count
    if (written < total) rest = dropBytes(rest, count)
  }
  return total
}

function dropBytes(buffers: readonly Buffer[], count: number): Buffer[] {
  const rest: Buffer[] = []
  let skip = count
  for (const buffer of buffers) {
    if (skip >= buffer.length) skip -= buffer.length
    else {
      rest.push(skip === 0 ? buffer : buffer.subarray(skip))
      skip = 0
    }
  }
  return rest
}

function writeSome(descriptor: number, buffers: readonly Buffer[], position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, buffers, position, (error, count) => (error === null ? resolve(count) : reject(error)))
  })
}

function readSome(descriptor: number, into: Buffer, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, count: number) => (error === null ? resolve(count) : reject(error))
    read(descriptor, into, offset, into.length - offset, position, done)
  })
}

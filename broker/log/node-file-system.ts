import { constants, mkdir, promises, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { LockFile } from './directory-lock.ts'
import { type DirectoryLock, type DiskUsage, type FileSystem, isMissing, type LogFile } from './file-system.ts'
import { NodeFile } from './node-file.ts'
import { OpenFiles } from './open-files.ts'

const makeDirectory = promisify(mkdir)

/**
 * Looking at folders and reading small files is done synchronously: 10 µs each instead of several trips through the thread
 * pool, which made opening 10,000 partitions five times slower. What changes the disk may have to wait for it: that is done
 * asynchronously, or a thousand new folders would keep the process from everything else.
 */
export class NodeFileSystem implements FileSystem {
  readonly #openFiles: OpenFiles

  /** `openFilesMax`: descriptors kept by idle files; those in use at a moment come on top. */
  constructor({ openFilesMax = 1000 } = {}) {
    this.#openFiles = new OpenFiles(openFilesMax)
  }

  file(path: string): LogFile {
    return new NodeFile(path, this.#openFiles)
  }

  async makeDirectory(path: string): Promise<void> {
    await makeDirectory(path, { recursive: true })
  }

  async list(directory: string): Promise<string[]> {
    return readdirSync(directory)
  }

  async exists(path: string): Promise<boolean> {
    return (await this.sizeOf(path)) !== undefined
  }

  async sizeOf(path: string): Promise<number | undefined> {
    return statSync(path, { throwIfNoEntry: false })?.size
  }

  async modifiedMs(path: string): Promise<number | undefined> {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    try {
      return readFileSync(path)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async writeFile(path: string, bytes: Buffer | string): Promise<void> {
    await promises.writeFile(path, bytes)
  }

  async replaceFile(path: string, bytes: Buffer | string, { isSynced = true } = {}): Promise<void> {
    const temporary = `${path}.tmp`
    await promises.writeFile(temporary, bytes, { flush: isSynced })
    await promises.rename(temporary, path)
    if (isSynced) await this.syncDirectory(dirname(path))
  }

  async rename(from: string, to: string): Promise<void> {
    await promises.rename(from, to)
  }

  async remove(path: string): Promise<void> {
    await promises.rm(path, { recursive: true, force: true })
  }

  async syncDirectory(path: string): Promise<void> {
    // Windows cannot open a folder.
    if (process.platform === 'win32') return
    const handle = await promises.open(path, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  lock(directory: string): DirectoryLock {
    return LockFile.acquire(directory)
  }

  async usage(path: string): Promise<DiskUsage> {
    const stats = await promises.statfs(path)
    return { totalBytes: stats.blocks * stats.bsize, usableBytes: stats.bavail * stats.bsize }
  }
}

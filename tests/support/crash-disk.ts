import { basename, dirname } from 'node:path'
import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'
import { Random } from '../simulation/random.ts'
import { change, DirectoryNode, FileNode, type Loss, type Node, survivingDirectory } from './crash-disk-nodes.ts'

/** A write that is about to happen. */
export interface TearableWrite {
  readonly sizeBytes: number
  /** Runs `look` while the disk has only the first bytes of it. */
  tear(bytes: number, look: () => void): void
}

/** One that the test expects: nothing a bug of the file system could be taken for. */
export class DiskError extends Error {
  readonly syscall = 'write'
  readonly code: string

  constructor(code: string) {
    super(`The disk answers ${code}`)
    this.code = code
  }
}

/**
 * A disk in memory that knows which of its changes would survive a loss of power. Each change is a step, at which it can be
 * copied as a crash would leave it, or fail.
 */
export class CrashDisk implements FileSystem {
  readonly #root: DirectoryNode
  /** Called before each step. Throws to have the step fail. */
  onStep: (step: string, write?: TearableWrite) => void = () => undefined
  #steps = 0

  constructor(root = new DirectoryNode()) {
    this.#root = root
  }

  get steps(): number {
    return this.#steps
  }

  /** As the machine finds it when it starts again. */
  afterCrash(loss: Loss, random: Random): CrashDisk {
    return new CrashDisk(survivingDirectory(this.#root, loss, random))
  }

  /** A disk with one empty folder, there for good. */
  static async withFolder(path: string): Promise<CrashDisk> {
    const disk = new CrashDisk()
    await disk.makeDirectory(path)
    return disk.afterCrash('nothing', new Random(0))
  }

  lock(): DirectoryLock {
    return { release: () => undefined }
  }

  file(path: string): LogFile {
    return new CrashFile(this, path)
  }

  async makeDirectory(path: string): Promise<void> {
    let directory = this.#root
    for (const name of namesOf(path)) {
      let next = directory.entries.get(name)
      if (next === undefined) {
        this.#step(`mkdir ${path}`)
        next = new DirectoryNode()
        directory.set(name, next)
      }
      if (next instanceof FileNode) throw new DiskError('ENOTDIR')
      directory = next
    }
  }

  async list(path: string): Promise<string[]> {
    return [...this.#directory(path).entries.keys()]
  }

  async exists(path: string): Promise<boolean> {
    return this.#find(path) !== undefined
  }

  async sizeOf(path: string): Promise<number | undefined> {
    return this.findFile(path)?.content.length
  }

  async modifiedMs(path: string): Promise<number | undefined> {
    return this.#find(path) === undefined ? undefined : 0
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    return this.findFile(path)?.content
  }

  async writeFile(path: string, bytes: Buffer | string): Promise<void> {
    this.writeTo(path, [Buffer.from(bytes)], 0, { isReplaced: true })
  }

  async replaceFile(path: string, bytes: Buffer | string, { isSynced = true } = {}): Promise<void> {
    await this.writeFile(`${path}.tmp`, bytes)
    if (isSynced) this.syncFile(`${path}.tmp`)
    await this.rename(`${path}.tmp`, path)
    if (isSynced) await this.syncDirectory(dirname(path))
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step(`rename ${from} ${to}`)
    const node = this.#find(from)
    if (node === undefined) throw new DiskError('ENOENT')
    this.#directory(dirname(to)).set(basename(to), node)
    this.#directory(dirname(from)).set(basename(from), undefined)
  }

  async remove(path: string): Promise<void> {
    const node = this.#find(path)
    if (node === undefined) return
    if (node instanceof DirectoryNode) for (const name of [...node.entries.keys()]) await this.remove(`${path}/${name}`)
    this.#step(`remove ${path}`)
    this.#directory(dirname(path)).set(basename(path), undefined)
  }

  async syncDirectory(path: string): Promise<void> {
    this.#step(`sync ${path}/`)
    const directory = this.#directory(path)
    directory.durable = new Map(directory.entries)
    directory.unsynced = []
  }

  async usage(): Promise<DiskUsage> {
    return { totalBytes: 1e12, usableBytes: 1e12 }
  }

  findFile(path: string): FileNode | undefined {
    const node = this.#find(path)
    return node instanceof FileNode ? node : undefined
  }

  writeTo(path: string, buffers: readonly Buffer[], position: number, { isReplaced = false } = {}): void {
    const file = this.openFile(path)
    if (isReplaced && file.content.length > 0) this.cut(path, 0)
    const bytes = Buffer.concat(buffers)
    this.#step(`write ${path} ${position}+${bytes.length}`, {
      sizeBytes: bytes.length,
      tear: (count, look) => {
        const { content, unsynced } = file
        change(file, { position, bytes: bytes.subarray(0, count) })
        look()
        file.content = content
        file.unsynced = unsynced
      },
    })
    change(file, { position, bytes })
  }

  cut(path: string, size: number): void {
    const file = this.openFile(path)
    this.#step(`cut ${path} ${size}`)
    change(file, { position: size, bytes: undefined })
  }

  syncFile(path: string): void {
    const file = this.openFile(path)
    this.#step(`sync ${path}`)
    file.durable = file.content
    file.unsynced = []
  }

  openFile(path: string): FileNode {
    const known = this.findFile(path)
    if (known !== undefined) return known
    this.#step(`create ${path}`)
    const file = new FileNode()
    this.#directory(dirname(path)).set(basename(path), file)
    return file
  }

  #step(what: string, write?: TearableWrite): void {
    this.#steps++
    this.onStep(`${this.#steps} ${what}`, write)
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const name of namesOf(path)) node = node instanceof DirectoryNode ? node.entries.get(name) : undefined
    return node
  }

  #directory(path: string): DirectoryNode {
    const node = this.#find(path)
    if (node instanceof DirectoryNode) return node
    throw new DiskError('ENOENT')
  }
}

class CrashFile implements LogFile {
  readonly #disk: CrashDisk
  #path: string

  constructor(disk: CrashDisk, path: string) {
    this.#disk = disk
    this.#path = path
  }

  get path(): string {
    return this.#path
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    this.#disk.writeTo(this.#path, buffers, position)
  }

  async read(into: Buffer, position: number): Promise<number> {
    return this.#content().copy(into, 0, position)
  }

  async size(): Promise<number> {
    return this.#content().length
  }

  async truncate(size: number): Promise<void> {
    this.#disk.cut(this.#path, size)
  }

  async sync(): Promise<void> {
    this.#disk.syncFile(this.#path)
  }

  async rename(path: string): Promise<void> {
    await this.#disk.rename(this.#path, path)
    this.#path = path
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  #content(): Buffer {
    const file = this.#disk.findFile(this.#path)
    if (file === undefined) throw new DiskError('ENOENT')
    return file.content
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

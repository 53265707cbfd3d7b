import { basename, dirname } from 'node:path'
import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'
import { SeededRandom } from './seeded-random.ts'

/** The unit in which a loss of power takes data. */
const pageBytes = 512

interface FileChange {
  position: number
  /** Undefined: cut at `position`. */
  bytes: Buffer | undefined
}

class FileNode {
  /** As programs see it. Replaced by each change, never changed. */
  content: Buffer
  durable: Buffer
  /** Since the last sync. */
  unsynced: readonly FileChange[] = []

  constructor(content: Buffer = nothing) {
    this.content = content
    this.durable = content
  }
}

class DirectoryNode {
  entries = new Map<string, Node>()
  durable: ReadonlyMap<string, Node> = new Map()
  /** Since the last sync, in order: a name and what it stands for from then on. */
  unsynced: readonly [name: string, node: Node | undefined][] = []

  set(name: string, node: Node | undefined): void {
    setEntry(this.entries, name, node)
    this.unsynced = [...this.unsynced, [name, node]]
  }
}

type Node = FileNode | DirectoryNode

/**
 * What a crash takes: of a killed process nothing, of the machine what was not synced. `some`: any pages of the writes and
 * cuts of each file, and of each folder the later part of its changes, as a journal would have it.
 */
export type Loss = 'nothing' | 'everything' | 'some'

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
  afterCrash(loss: Loss, random: SeededRandom): CrashDisk {
    return new CrashDisk(survivingDirectory(this.#root, loss, random))
  }

  /** A disk with one empty folder, there for good. */
  static async withFolder(path: string): Promise<CrashDisk> {
    const disk = new CrashDisk()
    await disk.makeDirectory(path)
    return disk.afterCrash('nothing', new SeededRandom(0))
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

const nothing: Buffer = Buffer.alloc(0)

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

function setEntry(entries: Map<string, Node>, name: string, node: Node | undefined): void {
  if (node === undefined) entries.delete(name)
  else entries.set(name, node)
}

function change(file: FileNode, made: FileChange): void {
  file.content = applied(file.content, made)
  file.unsynced = [...file.unsynced, made]
}

function applied(content: Buffer, { position, bytes }: FileChange): Buffer {
  if (bytes === undefined) {
    return position <= content.length
      ? content.subarray(0, position)
      : Buffer.concat([content, zeros(content, position)])
  }
  const end = position + bytes.length
  const before = position <= content.length ? content.subarray(0, position) : [content, zeros(content, position)]
  return Buffer.concat([before, bytes, content.subarray(end)].flat())
}

function zeros(content: Buffer, upTo: number): Buffer {
  return Buffer.alloc(upTo - content.length)
}

function survivingDirectory(directory: DirectoryNode, loss: Loss, random: SeededRandom): DirectoryNode {
  const entries = new Map(loss === 'nothing' ? directory.entries : directory.durable)
  if (loss === 'some') {
    const kept = random.below(directory.unsynced.length + 1)
    for (const [name, node] of directory.unsynced.slice(0, kept)) setEntry(entries, name, node)
  }
  const surviving = new DirectoryNode()
  for (const [name, node] of entries) {
    const copy =
      node instanceof DirectoryNode ? survivingDirectory(node, loss, random) : survivingFile(node, loss, random)
    surviving.entries.set(name, copy)
  }
  surviving.durable = new Map(surviving.entries)
  return surviving
}

/** What is there after the start is taken for durable: what a later crash takes is the later crash's choice. */
function survivingFile(file: FileNode, loss: Loss, random: SeededRandom): FileNode {
  if (loss === 'nothing') return new FileNode(file.content)
  if (loss === 'everything') return new FileNode(file.durable)
  let content = file.durable
  for (const made of file.unsynced.flatMap(pagesOf)) if (random.below(2) === 1) content = applied(content, made)
  return new FileNode(content)
}

function pagesOf(made: FileChange): FileChange[] {
  const { position, bytes } = made
  if (bytes === undefined) return [made]
  const pages: FileChange[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + pageBytes - ((position + at) % pageBytes))
    pages.push({ position: position + at, bytes: bytes.subarray(at, end) })
    at = end
  }
  return pages
}

import path from 'node:path'
import type { DirectoryLock, DiskUsage, FileSystem, LogFile } from '../../broker/log/file-system.ts'

/** Files by their paths, in memory. */
export class MemoryFileSystem implements FileSystem {
  readonly #files: Map<string, Buffer>

  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    this.#files = new Map(files)
  }

  /** As they are now. */
  get files(): Map<string, Buffer> {
    return new Map(this.#files)
  }

  file(name: string): LogFile {
    let current = name
    const rename = async (to: string) => {
      await this.rename(current, to)
      current = to
    }
    return {
      get path() {
        return current
      },
      write: async (buffers, position) => this.#write(current, Buffer.concat(buffers), position),
      read: async (into, position) => this.#content(current).copy(into, 0, position),
      size: async () => this.#content(current).length,
      truncate: async (size) => this.#truncate(current, size),
      sync: async () => undefined,
      rename,
      close: async () => undefined,
    }
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve()
  }

  async list(directory: string): Promise<string[]> {
    const inside = [...this.#files.keys()].filter((name) => name.startsWith(`${directory}/`))
    return [...new Set(inside.map((name) => name.slice(directory.length + 1).split('/')[0] ?? ''))]
  }

  async exists(name: string): Promise<boolean> {
    return this.#files.has(name) || (await this.list(name)).length > 0
  }

  async sizeOf(name: string): Promise<number | undefined> {
    return this.#files.get(name)?.length
  }

  async modifiedMs(name: string): Promise<number | undefined> {
    return this.#files.has(name) ? 0 : undefined
  }

  async readFile(name: string): Promise<Buffer | undefined> {
    const content = this.#files.get(name)
    return content && Buffer.from(content)
  }

  async writeFile(name: string, bytes: Buffer | string): Promise<void> {
    this.#files.set(name, Buffer.from(bytes))
  }

  async replaceFile(name: string, bytes: Buffer | string): Promise<void> {
    this.#files.set(name, Buffer.from(bytes))
  }

  async rename(from: string, to: string): Promise<void> {
    for (const [name, content] of this.files) {
      if (name !== from && !name.startsWith(`${from}/`)) continue
      this.#files.delete(name)
      this.#files.set(path.join(to, name.slice(from.length)), content)
    }
  }

  async remove(name: string): Promise<void> {
    for (const found of this.files.keys()) if (found === name || found.startsWith(`${name}/`)) this.#files.delete(found)
  }

  syncDirectory(): Promise<void> {
    return Promise.resolve()
  }

  async usage(): Promise<DiskUsage> {
    return { totalBytes: 1e12, usableBytes: 1e12 }
  }

  lock(): DirectoryLock {
    return { release: () => undefined }
  }

  #content(name: string): Buffer {
    const content = this.#files.get(name)
    if (content === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT', syscall: 'open' })
    return content
  }

  #write(name: string, bytes: Buffer, position: number): void {
    const before = this.#files.get(name) ?? Buffer.alloc(0)
    const after = Buffer.alloc(Math.max(before.length, position + bytes.length))
    before.copy(after)
    bytes.copy(after, position)
    this.#files.set(name, after)
  }

  #truncate(name: string, size: number): void {
    const after = Buffer.alloc(size)
    this.#content(name).copy(after)
    this.#files.set(name, after)
  }
}

import { join } from 'node:path'
import { type FileSystem, isMissing } from '../log/file-system.ts'
import type { SnapshotId } from '../metadata/snapshot.ts'

/** Kafka's: the end offset, then the epoch. */
const fileName = /^(\d{20})-(\d{10})\.checkpoint$/

/** The snapshots in the folder of the metadata log. One is kept, for a moment two. */
export class MetadataSnapshots {
  readonly #directory: string
  readonly #fileSystem: FileSystem

  constructor(options: { directory: string; fileSystem: FileSystem }) {
    this.#directory = options.directory
    this.#fileSystem = options.fileSystem
  }

  async findLatest(): Promise<SnapshotId | undefined> {
    const ids = await this.#list()
    return ids.reduce<SnapshotId | undefined>(
      (latest, id) => (latest === undefined || id.endOffset > latest.endOffset ? id : latest),
      undefined,
    )
  }

  /** A crash leaves it whole or not at all. */
  save(id: SnapshotId, bytes: Buffer): Promise<void> {
    return this.#fileSystem.replaceFile(this.#path(id), bytes)
  }

  async read(id: SnapshotId): Promise<Buffer> {
    const bytes = await this.#fileSystem.readFile(this.#path(id))
    if (bytes === undefined) throw new Error(`No metadata snapshot ${this.#path(id)}`)
    return bytes
  }

  /** At most `maxBytes` from `position` on, with the size of all; undefined when there is no such snapshot. */
  async readPart(
    id: SnapshotId,
    position: number,
    maxBytes: number,
  ): Promise<{ bytes: Buffer; size: number } | undefined> {
    const path = this.#path(id)
    const size = await this.#fileSystem.sizeOf(path)
    if (size === undefined) return undefined
    const bytes = Buffer.alloc(Math.max(Math.min(maxBytes, size - position), 0))
    if (bytes.length === 0) return { bytes, size }
    const file = this.#fileSystem.file(path)
    try {
      await file.read(bytes, position)
      return { bytes, size }
    } catch (error) {
      // A newer one has taken its place meanwhile.
      if (isMissing(error)) return undefined
      throw error
    } finally {
      await file.close()
    }
  }

  async deleteOthers(kept: SnapshotId): Promise<void> {
    for (const id of await this.#list()) {
      if (id.endOffset !== kept.endOffset) await this.#fileSystem.remove(this.#path(id))
    }
  }

  async #list(): Promise<SnapshotId[]> {
    await this.#fileSystem.makeDirectory(this.#directory)
    const names = await this.#fileSystem.list(this.#directory)
    return names.flatMap((name) => {
      const match = fileName.exec(name)
      return match === null ? [] : [{ endOffset: Number(match[1]), epoch: Number(match[2]) }]
    })
  }

  #path({ endOffset, epoch }: SnapshotId): string {
    const name = `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}.checkpoint`
    return join(this.#directory, name)
  }
}

import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import type { FileSystem } from './file-system.ts'
import type { LeaderEpochs } from './leader-epochs.ts'
import { writeTopicId } from './partition-metadata.ts'

export const deletedDirectorySuffix = '-delete'

/** What the folder of a log holds beside its segments: whose records they are and who wrote which. */
export class LogFolder {
  readonly path: string
  readonly #fileSystem: FileSystem
  readonly #leaderEpochs: LeaderEpochs
  #topicId: string | undefined
  #isTopicIdSaved: boolean

  constructor(options: {
    path: string
    fileSystem: FileSystem
    leaderEpochs: LeaderEpochs
    /** What was found in it. */
    savedTopicId: string | undefined
    /** Of a new log. */
    topicId: string | undefined
  }) {
    this.path = options.path
    this.#fileSystem = options.fileSystem
    this.#leaderEpochs = options.leaderEpochs
    this.#topicId = options.savedTopicId ?? options.topicId
    this.#isTopicIdSaved = this.#topicId === options.savedTopicId
  }

  get topicId(): string | undefined {
    return this.#topicId
  }

  assignTopicId(topicId: string): void {
    this.#topicId = topicId
    this.#isTopicIdSaved = false
  }

  /** Whether all that must be in the folder before records are is there. */
  get isDescribed(): boolean {
    return this.#isTopicIdSaved && !this.#leaderEpochs.isDirty
  }

  /** Brings it there. An empty log has nothing: thousands are made at once. */
  async describe(): Promise<void> {
    await this.#leaderEpochs.save()
    if (this.#isTopicIdSaved || this.#topicId === undefined) return
    await writeTopicId(this.#fileSystem, this.path, this.#topicId)
    this.#isTopicIdSaved = true
  }

  /** It is gone at once, even if a crash keeps the files in it from being removed. */
  async delete(): Promise<void> {
    const doomed = join(dirname(this.path), deletedDirectoryName(basename(this.path)))
    await this.#fileSystem.rename(this.path, doomed)
    await this.#fileSystem.syncDirectory(dirname(this.path))
    await this.#fileSystem.remove(doomed)
  }
}

const fileNameBytesMax = 255

/** As Kafka names it: of a topic whose name is as long as it may be, some characters are left out. */
function deletedDirectoryName(name: string): string {
  const partitionAt = name.lastIndexOf('-')
  const suffix = `${name.slice(partitionAt)}.${randomUUID().replaceAll('-', '')}${deletedDirectorySuffix}`
  return name.slice(0, Math.min(partitionAt, fileNameBytesMax - suffix.length)) + suffix
}

import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { markCleanShutdown, takeCleanShutdown } from './clean-shutdown.ts'
import { type DirectoryLock, type DiskUsage, type FileSystem, isDiskFailure } from './file-system.ts'
import type { LogConfig } from './log-config.ts'
import { deletedDirectorySuffix } from './log-folder.ts'
import { claimDirectory } from './meta-properties.ts'
import {
  checkpointNames,
  type PartitionOffset,
  readOffsetCheckpoint,
  writeOffsetCheckpoint,
} from './offset-checkpoint.ts'
import { PartitionLog } from './partition-log.ts'
import {
  newLogRecovery,
  type RecoveryCheckpoints,
  readRecoveryCheckpoints,
  recoveryOf,
} from './recovery-checkpoints.ts'
import type { TailCache } from './tail-cache.ts'
import { formatTopicPartition, parseTopicPartition, type TopicPartition } from './topic-partition-name.ts'

export interface LogDirectoryOptions {
  path: string
  clusterId: string
  nodeId: number
  fileSystem: FileSystem
  clock: Clock
  tail: TailCache
  /** For the logs that are there already, until `openOrCreate` says what their topic asks for. */
  defaultConfig: LogConfig
}

export interface OpenLog extends TopicPartition {
  log: PartitionLog
}

/** Logs opened at the same time. After a crash each one may keep a core and the disk busy with checksums. */
const openingMax = { clean: 32, unclean: 4 } as const

/** All partitions of one broker: one folder, Kafka's layout. The process owns it until `close`. */
export class LogDirectory {
  readonly path: string
  readonly directoryId: string
  /** The epoch under which the broker shut down in good order; -1 when it did not. */
  readonly previousBrokerEpoch: number
  readonly #options: LogDirectoryOptions
  readonly #lock: DirectoryLock
  readonly #logs = new Map<string, OpenLog>()
  /** Partitions whose folder could not be opened, with the reason: one bad folder does not stop a broker. */
  readonly #failures = new Map<string, unknown>()
  /** What is under way for a partition: openings and deletions of one folder take turns. */
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #highWatermarks: Map<string, number>
  readonly #recovery: RecoveryCheckpoints
  #offlineCause: unknown
  #onOffline: (cause: unknown) => void = () => undefined
  #checkpointing: Promise<unknown> = Promise.resolve()
  #nextCheckpoint: Promise<void> | undefined

  /** Opens every partition that is there, in parallel. @throws Error when the folder is another's or in use. */
  static async open(options: LogDirectoryOptions): Promise<LogDirectory> {
    const { path, fileSystem } = options
    await fileSystem.makeDirectory(path)
    const lock = fileSystem.lock(path)
    try {
      const { directoryId } = await claimDirectory(fileSystem, path, options)
      const shutdown = await takeCleanShutdown(fileSystem, path)
      const recovery = await readRecoveryCheckpoints(fileSystem, path, { isClean: shutdown !== undefined })
      const highWatermarks = await readOffsetCheckpoint(fileSystem, join(path, checkpointNames.highWatermark))
      const previousBrokerEpoch = shutdown?.brokerEpoch ?? -1
      const directory = new LogDirectory(options, lock, directoryId, previousBrokerEpoch, recovery, highWatermarks)
      await directory.#openAll()
      return directory
    } catch (error) {
      lock.release()
      throw error
    }
  }

  private constructor(
    options: LogDirectoryOptions,
    lock: DirectoryLock,
    directoryId: string,
    previousBrokerEpoch: number,
    recovery: RecoveryCheckpoints,
    highWatermarks: Map<string, number>,
  ) {
    this.path = options.path
    this.directoryId = directoryId
    this.previousBrokerEpoch = previousBrokerEpoch
    this.#options = options
    this.#lock = lock
    this.#recovery = recovery
    this.#highWatermarks = highWatermarks
  }

  get(topic: string, partition: number): PartitionLog | undefined {
    return this.#logs.get(formatTopicPartition({ topic, partition }))?.log
  }

  entries(): IterableIterator<OpenLog> {
    return this.#logs.values()
  }

  /** Why a partition's folder could not be opened. */
  get failures(): ReadonlyMap<string, unknown> {
    return this.#failures
  }

  hasFailed(topic: string, partition: number): boolean {
    return this.#failures.has(formatTopicPartition({ topic, partition }))
  }

  /** The disk failed: no log here takes or gives anything until the broker starts again. */
  get isOffline(): boolean {
    return this.#offlineCause !== undefined
  }

  /** `listener` hears what took the folder offline. */
  onOffline(listener: (cause: unknown) => void): void {
    this.#onOffline = listener
  }

  /**
   * Told of writes that failed. What is no trouble of the disk is ignored, and so are reads: a file that cannot be read is
   * its own partition's trouble, where Apache Kafka would give up the whole folder.
   */
  noticeFailure(error: unknown): void {
    if (this.isOffline || !isDiskFailure(error)) return
    this.#offlineCause = error
    for (const { log } of this.#logs.values()) log.takeOffline(error)
    this.#onOffline(error)
  }

  /** The high watermark as last checkpointed, within what the log holds now. */
  highWatermark(topic: string, partition: number): number {
    const log = this.get(topic, partition)
    const known = this.#highWatermarks.get(formatTopicPartition({ topic, partition })) ?? 0
    return log === undefined ? 0 : Math.min(Math.max(known, log.logStartOffset), log.logEndOffset)
  }

  /**
   * A folder that holds another topic of the same name, deleted since, is removed first.
   * @throws KafkaError KAFKA_STORAGE_ERROR
   */
  openOrCreate(topic: string, partition: number, topicId: string, config: LogConfig): Promise<PartitionLog> {
    const name = formatTopicPartition({ topic, partition })
    return this.#inTurn(name, async () => {
      const known = this.#logs.get(name)?.log
      if (known === undefined || (known.topicId !== undefined && known.topicId !== topicId)) {
        return this.#create({ topic, partition }, topicId, config)
      }
      if (known.topicId === undefined) known.assignTopicId(topicId)
      known.updateConfig(config)
      return known
    })
  }

  delete(topic: string, partition: number): Promise<void> {
    const name = formatTopicPartition({ topic, partition })
    return this.#inTurn(name, () => this.#delete(name))
  }

  /**
   * Remembers how far each log is synced and where it starts. Due every minute or so. Whoever asks while it is written gets
   * the next one, together with all others who do.
   */
  checkpoint(): Promise<void> {
    if (this.#nextCheckpoint === undefined) {
      const next = this.#checkpointing.then(() => {
        this.#nextCheckpoint = undefined
        return this.#writeCheckpoints()
      })
      this.#nextCheckpoint = next
      this.#checkpointing = next.catch(() => undefined)
    }
    return this.#nextCheckpoint
  }

  async #writeCheckpoints(): Promise<void> {
    await this.#writeCheckpoint('recoveryPoint', (log) => log.recoveryPoint)
    await this.#writeCheckpoint('logStartOffset', (log) => log.logStartOffset)
    await this.checkpointCleanedOffsets()
  }

  /** Due after each cleaning. Only logs that were cleaned are in the file. */
  async checkpointCleanedOffsets(): Promise<void> {
    const isAnyClean = [...this.#logs.values()].some(({ log }) => log.cleanedOffset !== undefined)
    if (isAnyClean || this.#recovery.cleaned.size > 0) {
      await this.#writeCheckpoint('cleanedOffset', (log) => log.cleanedOffset)
    }
  }

  /** Due every five seconds or so. */
  async checkpointHighWatermarks(offsets: readonly PartitionOffset[]): Promise<void> {
    for (const offset of offsets) this.#highWatermarks.set(formatTopicPartition(offset), offset.offset)
    await this.#writeCheckpoint('highWatermark', (_, name) => this.#highWatermarks.get(name) ?? 0)
  }

  /** Closes all logs and, when every one of them is whole, leaves the marker that saves the next start a recovery. */
  async close({ brokerEpoch = -1 } = {}): Promise<void> {
    const logs = [...this.#logs.values()]
    try {
      await forEachLimited(logs, openingMax.clean, ({ log }) => log.close())
      if (this.isOffline) return
      await this.checkpoint()
      if (this.#failures.size === 0 && logs.every(({ log }) => !log.isOffline)) {
        await markCleanShutdown(this.#options.fileSystem, this.path, { brokerEpoch })
      }
    } finally {
      this.#lock.release()
    }
  }

  usage(): Promise<DiskUsage> {
    return this.#options.fileSystem.usage(this.path)
  }

  async #openAll(): Promise<void> {
    const { fileSystem } = this.#options
    const names = await fileSystem.list(this.path)
    for (const name of names.filter((candidate) => candidate.endsWith(deletedDirectorySuffix))) {
      await fileSystem.remove(join(this.path, name))
    }
    const limit = this.#recovery.isClean ? openingMax.clean : openingMax.unclean
    const partitions = names.map(parseTopicPartition).filter((partition) => partition !== undefined)
    await forEachLimited(partitions, limit, async (partition) => {
      try {
        await this.#open(partition, this.#options.defaultConfig)
      } catch (error) {
        this.#failures.set(formatTopicPartition(partition), error)
      }
    })
  }

  #inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name)
    const turn = before === undefined ? act() : before.then(act, act)
    this.#turns.set(name, turn)
    return turn.finally(() => {
      if (this.#turns.get(name) === turn) this.#turns.delete(name)
    })
  }

  async #delete(name: string): Promise<void> {
    const known = this.#logs.get(name)
    this.#logs.delete(name)
    this.#highWatermarks.delete(name)
    await known?.log.deleteDirectory()
  }

  async #create({ topic, partition }: TopicPartition, topicId: string, config: LogConfig): Promise<PartitionLog> {
    const name = formatTopicPartition({ topic, partition })
    await this.#delete(name)
    if (this.#failures.has(name)) {
      const message = `The folder of ${name} could not be opened`
      throw new KafkaError(errorCodes.KAFKA_STORAGE_ERROR, message, { cause: this.#failures.get(name) })
    }
    if (this.isOffline) {
      const message = `The log directory ${this.path} is offline`
      throw new KafkaError(errorCodes.KAFKA_STORAGE_ERROR, message, { cause: this.#offlineCause })
    }
    try {
      return await this.#open({ topic, partition }, config, topicId)
    } catch (error) {
      this.noticeFailure(error)
      throw new KafkaError(errorCodes.KAFKA_STORAGE_ERROR, `${name} could not be created`, { cause: error })
    }
  }

  /** Of a folder that is there, or of a new one with its topic's id. */
  async #open({ topic, partition }: TopicPartition, config: LogConfig, topicId?: string): Promise<PartitionLog> {
    const { path, fileSystem, clock, tail } = this.#options
    const name = formatTopicPartition({ topic, partition })
    const recovery = topicId === undefined ? recoveryOf(this.#recovery, name) : newLogRecovery
    const directory = join(path, name)
    const log = await PartitionLog.open({
      directory,
      config,
      fileSystem,
      clock,
      tail,
      recovery,
      topicId,
      checkpoint: () => this.checkpoint(),
      onFailure: (cause) => this.noticeFailure(cause),
    })
    this.#logs.set(name, { topic, partition, log })
    return log
  }

  async #writeCheckpoint(
    which: keyof typeof checkpointNames,
    offsetOf: (log: PartitionLog, name: string) => number | undefined,
  ): Promise<void> {
    if (this.isOffline) return
    const offsets: PartitionOffset[] = []
    for (const [name, { topic, partition, log }] of this.#logs) {
      const offset = offsetOf(log, name)
      if (offset !== undefined) offsets.push({ topic, partition, offset })
    }
    try {
      await writeOffsetCheckpoint(this.#options.fileSystem, join(this.path, checkpointNames[which]), offsets)
    } catch (error) {
      this.noticeFailure(error)
      throw error
    }
  }
}

async function forEachLimited<T>(items: readonly T[], limit: number, visit: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  const worker = async () => {
    for (const item of rest) await visit(item)
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

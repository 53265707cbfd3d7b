import type { AppendResult } from '../../../broker/log/log-appender.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDirectory } from '../../../broker/log/log-directory.ts'
import type { PartitionLog } from '../../../broker/log/partition-log.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { RecordBatch } from '../../../broker/record/record-batch.ts'
import type { Random } from '../../simulation/random.ts'
import type { CrashDisk } from '../../support/crash-disk.ts'
import { ExpectedLog, type WrittenBatch } from './expected-log.ts'
import { FixedClock, nowMs } from './open-test-log.ts'

export const topic = 'orders'
const topicId = 'AAAAAAAAAAAAAAAAAAAAAQ'
const producerIds = [11, 12, 13]

/** Small, so that a few dozen batches fill several segments with several index entries each. */
export const config = {
  ...defaultLogConfig,
  segmentBytes: 1500,
  indexIntervalBytes: 200,
  retentionMs: -1,
  fileDeleteDelayMs: 0,
}

/** No tail in memory: everything is read from the files. */
export function openDirectory(disk: CrashDisk): Promise<LogDirectory> {
  return LogDirectory.open({
    path: '/logs',
    clusterId: 'cluster',
    nodeId: 1,
    fileSystem: disk,
    clock: new FixedClock(),
    tail: new TailCache({ bytesMax: 0 }),
    defaultConfig: config,
  })
}

export function openLog(directory: LogDirectory): Promise<PartitionLog> {
  return directory.openOrCreate(topic, 0, topicId, config)
}

/** What whoever wrote to the log may count on if everything stops now. */
export interface Promised {
  /** All that was ever written and not truncated since, from offset `startOffset` on. */
  readonly batches: readonly WrittenBatch[]
  /** Written before this: survives the death of the process. */
  readonly acknowledgedOffset: number
  /** Synced before this: survives a loss of power. */
  readonly syncedOffset: number
  readonly logStartOffset: number
  /** The log is being emptied to go on elsewhere. */
  readonly isRestarting: boolean
}

/** Does to a log all that a broker does, at random, one thing after the other, and keeps the books. */
export class LogWorkload {
  readonly #disk: CrashDisk
  readonly #random: Random
  #directory: LogDirectory | undefined
  #log: PartitionLog | undefined
  #batches: WrittenBatch[] = []
  #acknowledgedOffset = 0
  #leaderEpoch = 0
  #cutOffset = Number.POSITIVE_INFINITY
  #startTarget = 0
  #isRestarting = false
  #written = 0

  constructor(disk: CrashDisk, random: Random) {
    this.#disk = disk
    this.#random = random
  }

  get promised(): Promised {
    return {
      batches: this.#batches,
      acknowledgedOffset: Math.min(this.#acknowledgedOffset, this.#cutOffset),
      syncedOffset: Math.min(this.#log?.recoveryPoint ?? 0, this.#cutOffset),
      logStartOffset: Math.max(this.#log?.logStartOffset ?? 0, this.#startTarget),
      isRestarting: this.#isRestarting,
    }
  }

  async open(): Promise<void> {
    this.#directory = await openDirectory(this.#disk)
    this.#log = await openLog(this.#directory)
  }

  async close(): Promise<void> {
    const directory = this.#directory
    this.#directory = undefined
    await directory?.close()
  }

  /** Undefined while nothing is open. */
  get isOffline(): boolean | undefined {
    return this.#directory?.isOffline
  }

  async run(count: number): Promise<void> {
    await this.open()
    for (let i = 0; i < count; i++) await this.#act(this.#required(this.#log), this.#random.integer(100))
    await this.close()
  }

  async #act(log: PartitionLog, dice: number): Promise<void> {
    if (dice < 60) return this.#appendSome(log)
    if (dice < 64) return log.roll()
    if (dice < 70) return log.flush()
    if (dice < 75) return this.#required(this.#directory).checkpoint()
    if (dice < 82) return this.#truncate(log)
    if (dice < 84) return this.#restart(log)
    if (dice < 90) return this.#deleteOld(log)
    if (dice < 95) {
      this.#leaderEpoch += 1 + this.#random.integer(2)
      return
    }
    await this.close()
    return this.open()
  }

  /** Several at once: they are written together. */
  async #appendSome(log: PartitionLog): Promise<void> {
    const written: Promise<void>[] = []
    for (let i = this.#random.integer(4); i >= 0; i--) {
      const appended = this.#random.integer(10) === 0 ? this.#copyAsFollower(log) : this.#appendOne(log)
      const { nextOffset } = log
      const acknowledged = appended.then(() => {
        this.#acknowledgedOffset = Math.max(this.#acknowledgedOffset, nextOffset)
      })
      // The next append may throw before all are awaited.
      acknowledged.catch(() => undefined)
      written.push(acknowledged)
    }
    await Promise.all(written)
  }

  #appendOne(log: PartitionLog): Promise<void> {
    const expected = new ExpectedLog(this.#batches)
    const producerId = this.#random.pick(producerIds)
    const known = expected.producers.get(producerId)
    const isOpen = known !== undefined && known.transactionFirstOffset >= 0
    const producerEpoch = known?.epoch ?? 0
    const dice = this.#random.integer(10)
    if (isOpen ? dice < 4 : dice === 0) return this.#end(log, producerId, producerEpoch)
    if (dice < 3)
      return this.#append(log, { producerId: -1, producerEpoch: -1, baseSequence: -1, isTransactional: false })
    const baseSequence = expected.nextSequence(producerId, producerEpoch)
    const isTransactional = isOpen || dice < 8
    return this.#append(log, { producerId, producerEpoch, baseSequence, isTransactional })
  }

  #append(
    log: PartitionLog,
    producer: Pick<WrittenBatch, 'producerId' | 'producerEpoch' | 'baseSequence' | 'isTransactional'>,
  ): Promise<void> {
    const { timestampMs, records } = this.#newRecords()
    const bytes = buildBatch({ records, timestampMs, ...producer })
    const { producerId, producerEpoch: epoch, baseSequence: sequence } = producer
    const verification = producer.isTransactional
      ? log.producers.verifications.begin({ producerId, epoch, sequence, bumpsEpoch: false, nowMs })
      : undefined
    const appended = log.appendAsLeader(bytes, { leaderEpoch: this.#leaderEpoch, origin: 'client', verification })
    this.#note(appended, { bytes: Buffer.from(bytes), timestampMs, ...producer })
    return appended.written
  }

  #end(log: PartitionLog, producerId: number, epoch: number): Promise<void> {
    const isCommit = this.#random.integer(2) === 0
    const producerEpoch = epoch + this.#random.integer(2)
    const marker = { producerId, producerEpoch, isCommit, coordinatorEpoch: 0, transactionVersion: 1 }
    const appended = log.appendEndTransaction(marker, this.#leaderEpoch)
    this.#note(appended, {
      bytes: Buffer.alloc(0),
      timestampMs: nowMs,
      producerId,
      producerEpoch,
      baseSequence: -1,
      isTransactional: true,
      marker,
    })
    return appended.written
  }

  /** What another leader wrote. */
  #copyAsFollower(log: PartitionLog): Promise<void> {
    const { timestampMs, records } = this.#newRecords()
    const bytes = buildBatch({ records, timestampMs })
    const { nextOffset } = log
    new RecordBatch(bytes).assign(nextOffset, this.#leaderEpoch)
    const written = log.appendAsFollower(bytes)
    const lastOffset = nextOffset + records.length - 1
    const producer = { producerId: -1, producerEpoch: -1, baseSequence: -1, isTransactional: false }
    this.#note({ baseOffset: nextOffset, lastOffset }, { bytes, timestampMs, ...producer })
    return written
  }

  #newRecords() {
    this.#written++
    // Mostly ascending, as timestamps are.
    const timestampMs = nowMs + this.#written * 10 - this.#random.integer(4) * 15
    const records = Array.from({ length: 1 + this.#random.integer(3) }, (_, i) => ({
      key: Buffer.from('k'),
      value: Buffer.alloc(10 + this.#random.integer(150), `${this.#written}.${i} `),
    }))
    return { timestampMs, records }
  }

  #note(
    { baseOffset, lastOffset }: Pick<AppendResult, 'baseOffset' | 'lastOffset'>,
    batch: Omit<WrittenBatch, 'baseOffset' | 'nextOffset' | 'leaderEpoch'>,
  ): void {
    const leaderEpoch = this.#leaderEpoch
    this.#batches = [...this.#batches, { ...batch, baseOffset, nextOffset: lastOffset + 1, leaderEpoch }]
  }

  async #truncate(log: PartitionLog): Promise<void> {
    const from = Math.max(log.logStartOffset, log.logEndOffset - 12)
    const offset = from + this.#random.integer(log.logEndOffset - from + 1)
    const kept = this.#batches.filter((batch) => batch.nextOffset <= offset)
    this.#cutOffset = kept.at(-1)?.nextOffset ?? this.#batches[0]?.baseOffset ?? offset
    await log.truncateTo(offset)
    this.#batches = kept
    // The next leader's term is a new one, but may be older than that of what was cut off.
    const last = kept.at(-1)?.leaderEpoch ?? 0
    if (this.#leaderEpoch > last) this.#leaderEpoch = last + this.#random.integer(this.#leaderEpoch - last + 1)
    this.#endAt(log)
  }

  async #restart(log: PartitionLog): Promise<void> {
    const offset = log.logEndOffset + this.#random.integer(20)
    this.#isRestarting = true
    this.#cutOffset = 0
    this.#startTarget = offset
    await log.truncateFullyAndStartAt(offset)
    this.#batches = []
    this.#isRestarting = false
    this.#endAt(log)
  }

  #endAt(log: PartitionLog): void {
    this.#acknowledgedOffset = log.logEndOffset
    this.#cutOffset = Number.POSITIVE_INFINITY
    this.#startTarget = 0
  }

  async #deleteOld(log: PartitionLog): Promise<void> {
    const stable = new ExpectedLog(this.#batches).firstOpenOffset(log.logEndOffset)
    this.#startTarget = Math.max(log.logStartOffset, stable - this.#random.integer(10))
    await log.advanceLogStartOffset(this.#startTarget)
    await log.deleteOldSegments(nowMs, log.logEndOffset)
    await log.deleteOldSegments(nowMs, log.logEndOffset)
    this.#startTarget = 0
  }

  #required<T>(value: T | undefined): T {
    if (value === undefined) throw new Error('Not open')
    return value
  }
}

import type { Clock } from '../clock.ts'
import type { Shard } from '../coordinator/coordinator-shards.ts'
import { RecordWriter } from '../coordinator/record-writer.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import type { NewRecord } from '../record/build-batch.ts'
import { decodeRecords } from '../record/decode-records.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import { coordinatorKeyOf, type SharePartitionKey } from './share-partition-key.ts'
import {
  initializeShareState,
  readShareState,
  type ShareState,
  type ShareStateChange,
  type ShareStateWrite,
  snapshotShareState,
  stateAfterUpdate,
  stateOfSnapshot,
  writeShareState,
} from './share-state.ts'
import { decodeShareStateRecord, type ShareStateRecord, snapshotRecord, updateRecord } from './share-state-records.ts'

interface Entry {
  readonly key: SharePartitionKey
  readonly state: ShareState
  /** Records before it are not needed for this share partition. */
  readonly snapshotOffset: number
}

export interface ShareStateShardOptions {
  partition: number
  append: (records: readonly NewRecord[]) => Promise<number>
  /** Drops everything here and reads it from the log again. */
  reload: () => void
  updatesPerSnapshot: number
  clock: Clock
}

/**
 * The share partitions whose state is in one partition of `__share_group_state`. A change is applied at once, so that the
 * next one is judged by it, and answered when its record is replicated; so is what is read.
 */
export class ShareStateShard implements Shard {
  readonly partition: number
  readonly #entries = new Map<string, Entry>()
  readonly #writer: RecordWriter
  readonly #reload: () => void
  readonly #updatesPerSnapshot: number
  readonly #clock: Clock
  #unavailability: ErrorCode | undefined = errorCodes.COORDINATOR_LOAD_IN_PROGRESS

  constructor({ partition, append, reload, updatesPerSnapshot, clock }: ShareStateShardOptions) {
    this.partition = partition
    this.#writer = new RecordWriter(append)
    this.#reload = reload
    this.#updatesPerSnapshot = updatesPerSnapshot
    this.#clock = clock
  }

  get unavailability(): ErrorCode | undefined {
    return this.#unavailability
  }

  /** Everything before is also known from later records. Infinity when nothing is kept at all. */
  get redundantBefore(): number {
    let offset = Number.POSITIVE_INFINITY
    for (const { snapshotOffset } of this.#entries.values()) offset = Math.min(offset, snapshotOffset)
    return offset
  }

  replay(batch: RecordBatch): void {
    if (batch.isControl) return
    for (const { key, value, offset } of decodeRecords(batch)) {
      const record = key === null ? undefined : decodeShareStateRecord(key, value)
      if (record !== undefined) this.#replayRecord(record, offset)
    }
  }

  activate(): void {
    this.#unavailability = undefined
  }

  close(): void {
    this.#unavailability = errorCodes.NOT_COORDINATOR
  }

  /** Rejects with KafkaError, as all of these do. */
  async initialize(key: SharePartitionKey, start: { stateEpoch: number; startOffset: number }): Promise<void> {
    await this.#change(key, initializeShareState(this.#find(key), start, this.#clock.nowMs()))
  }

  async write(key: SharePartitionKey, write: ShareStateWrite): Promise<void> {
    await this.#change(key, writeShareState(this.#find(key), write, this.#options()))
  }

  async read(key: SharePartitionKey, leaderEpoch: number): Promise<ShareState> {
    const { state, change } = readShareState(this.#find(key), leaderEpoch, this.#options())
    if (change !== undefined) await this.#change(key, change)
    else await this.#committed()
    return state
  }

  /** Undefined where nothing is kept. */
  async summarize(key: SharePartitionKey): Promise<ShareState | undefined> {
    const state = this.#find(key)
    await this.#committed()
    return state
  }

  async remove(key: SharePartitionKey): Promise<void> {
    if (this.#find(key) === undefined) return
    this.#entries.delete(coordinatorKeyOf(key))
    await this.#append(snapshotRecord(key, null))
  }

  /** For topics that are gone. */
  async removeTopics(isGone: (topicId: string) => boolean): Promise<void> {
    const gone = [...this.#entries.values()].filter(({ key }) => isGone(key.topicId))
    await Promise.all(gone.map(({ key }) => this.remove(key)))
  }

  /** Share partitions of which nobody writes would hold all later records back from being deleted. */
  async snapshotCold(coldAfterMs: number): Promise<void> {
    const nowMs = this.#clock.nowMs()
    const entries = [...this.#entries.values()]
    const isCold = ({ state }: Entry) => nowMs - state.writtenAtMs >= coldAfterMs
    // When all are cold and snapshots already, the log has nothing that could be deleted.
    if (entries.every((entry) => isCold(entry) && entry.state.updatesSinceSnapshot === 0)) return
    await Promise.all(
      entries.filter(isCold).map(({ key, state }) => this.#change(key, snapshotShareState(state, nowMs))),
    )
  }

  #find(key: SharePartitionKey): ShareState | undefined {
    return this.#entries.get(coordinatorKeyOf(key))?.state
  }

  #options() {
    return { updatesPerSnapshot: this.#updatesPerSnapshot, nowMs: this.#clock.nowMs() }
  }

  async #change(key: SharePartitionKey, { state, isSnapshot, written }: ShareStateChange): Promise<void> {
    const name = coordinatorKeyOf(key)
    const snapshotOffset = this.#entries.get(name)?.snapshotOffset ?? 0
    this.#entries.set(name, { key, state, snapshotOffset })
    const offset = await this.#append(isSnapshot ? snapshotRecordOf(key, state) : updateRecordOf(key, state, written))
    const entry = this.#entries.get(name)
    if (isSnapshot && entry !== undefined) this.#entries.set(name, { ...entry, snapshotOffset: offset })
  }

  async #append(record: NewRecord): Promise<number> {
    const { errorCode, offset } = await new Promise<{ errorCode: ErrorCode; offset: number }>((resolve) => {
      this.#writer.write([record], ({ errorCode, isInLog, offset }) => {
        if (!isInLog && this.#unavailability === undefined) this.#reload()
        resolve({ errorCode, offset })
      })
    })
    this.#require(errorCode)
    return offset
  }

  /** Nothing is told that another coordinator might not know. */
  async #committed(): Promise<void> {
    await this.#writer.settled()
    this.#require(this.#unavailability ?? errorCodes.NONE)
  }

  #require(errorCode: ErrorCode): void {
    if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
  }

  #replayRecord(record: ShareStateRecord, offset: number): void {
    const name = coordinatorKeyOf(record.key)
    if (record.kind === 'snapshot') {
      if (record.value === null) this.#entries.delete(name)
      else this.#entries.set(name, { key: record.key, state: stateOfSnapshot(record.value), snapshotOffset: offset })
      return
    }
    const entry = this.#entries.get(name)
    if (entry !== undefined) this.#entries.set(name, { ...entry, state: stateAfterUpdate(entry.state, record.value) })
  }
}

function snapshotRecordOf(key: SharePartitionKey, state: ShareState): NewRecord {
  return snapshotRecord(key, {
    snapshotEpoch: state.snapshotEpoch,
    stateEpoch: state.stateEpoch,
    leaderEpoch: state.leaderEpoch,
    startOffset: state.startOffset,
    deliveryCompleteCount: state.deliveryCompleteCount,
    createTimestamp: state.createdAtMs,
    writeTimestamp: state.writtenAtMs,
    stateBatches: state.batches,
  })
}

function updateRecordOf(key: SharePartitionKey, state: ShareState, written: ShareStateChange['written']): NewRecord {
  return updateRecord(key, {
    snapshotEpoch: state.snapshotEpoch,
    leaderEpoch: state.leaderEpoch,
    startOffset: state.startOffset,
    deliveryCompleteCount: state.deliveryCompleteCount,
    stateBatches: written,
  })
}

import type { Scheduler } from '../../clock.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { decompressOffThread } from '../../record/offload-compression.ts'
import type { RecordBatch } from '../../record/record-batch.ts'
import { RecordReader } from '../../record/record-reader.ts'
import type { LogConfig } from '../log-config.ts'
import { walkBatches } from '../scan-batches.ts'
import type { Segment } from '../segment.ts'
import type { AbortedTransaction } from '../transaction-index.ts'
import type { CleanableRange } from './cleanable-range.ts'
import { groupSegments } from './group-segments.ts'
import { OffsetMap } from './offset-map.ts'
import type { Pace } from './pace.ts'
import { type LastRecord, RecordFilter } from './record-filter.ts'
import { SegmentOutput } from './segment-output.ts'
import { TransactionOutcomes } from './transaction-outcomes.ts'

/** What cleaning needs of a log while it works beside appends and reads. */
export interface LogUnderCleaning {
  readonly config: LogConfig
  /** All but the active one, ascending, whole and synced. */
  readonly segments: readonly Segment[]
  readonly abortedTransactions: readonly AbortedTransaction[]
  readonly activeProducers: ReadonlyMap<number, LastRecord>
  createCleaned(baseOffset: number): Promise<Segment>
  /** False when the log was cut, or what is replaced was deleted, since cleaning began: nothing has happened then. */
  replace(sources: readonly Segment[], cleaned: Segment): Promise<boolean>
  /** Notes that everything before `offset` is clean; false when the log was cut since cleaning began. */
  finish(offset: number): Promise<boolean>
}

export interface CleaningOptions {
  readonly range: CleanableRange
  readonly map: { readonly bytesMax: number; readonly loadFactor: number }
  /** Of what is read and written at once; a larger batch is held whole. */
  readonly bufferBytes: number
  readonly clock: Scheduler
  readonly pace: Pace
}

export interface CleaningResult {
  /** Everything before it is clean; undefined when the log was cut in the meantime. */
  readonly cleanedOffset: number | undefined
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** Drops from the closed segments of a log what later records of the same key make superfluous. */
export async function cleanLog(log: LogUnderCleaning, options: CleaningOptions): Promise<CleaningResult> {
  const { firstDirtyOffset, firstUncleanableOffset } = options.range
  const cleanable = log.segments.filter((segment) => segment.baseOffset < firstUncleanableOffset)
  const progress = { bytesRead: 0, bytesWritten: 0 }
  const map = await buildOffsetMap(log, cleanable, options, progress)
  const cleanedOffset = map.latestOffset + 1
  if (cleanedOffset <= firstDirtyOffset) return { cleanedOffset: firstDirtyOffset, ...progress }
  const outcomes = new TransactionOutcomes(log.abortedTransactions)
  const filter = new RecordFilter({
    map,
    outcomes,
    activeProducers: log.activeProducers,
    nowMs: options.clock.nowMs(),
    deleteRetentionMs: log.config.compaction.deleteRetentionMs,
    pace: options.pace,
  })
  const sources = cleanable.filter((segment) => segment.baseOffset < cleanedOffset)
  for (const group of groupSegments(sources, log.config, firstUncleanableOffset)) {
    const cleaned = await cleanGroup(log, group, filter, outcomes, options, progress)
    if (!(await log.replace(group, cleaned))) {
      await cleaned.place.discard()
      return { cleanedOffset: undefined, ...progress }
    }
  }
  const isFinished = await log.finish(cleanedOffset)
  return { cleanedOffset: isFinished ? cleanedOffset : undefined, ...progress }
}

interface Progress {
  bytesRead: number
  bytesWritten: number
}

/** Reads the dirty part, or as much of it as the map has room for: the rest is the next round's. */
async function buildOffsetMap(
  log: LogUnderCleaning,
  cleanable: readonly Segment[],
  { range, map: limits, pace, bufferBytes }: CleaningOptions,
  progress: Progress,
): Promise<OffsetMap> {
  const map = new OffsetMap(limits)
  const outcomes = new TransactionOutcomes(log.abortedTransactions)
  const first = cleanable.findLastIndex((segment) => segment.baseOffset <= range.firstDirtyOffset)
  for (const segment of cleanable.slice(Math.max(0, first))) {
    const from = await segment.positionBefore(range.firstDirtyOffset)
    const scan = { from, to: segment.writtenBytes, chunkBytes: bufferBytes }
    for await (const batch of walkBatches(segment.file, scan)) {
      await pace.move(batch.sizeBytes)
      progress.bytesRead += batch.sizeBytes
      requireWhole(batch)
      if (!(await enterKeys(map, batch, outcomes, range.firstDirtyOffset, pace))) return map
    }
  }
  return map
}

/** False when the map is full. */
async function enterKeys(
  map: OffsetMap,
  batch: RecordBatch,
  outcomes: TransactionOutcomes,
  fromOffset: number,
  pace: Pace,
): Promise<boolean> {
  const isWithoutKeys = batch.isControl || outcomes.isAborted(batch) || batch.recordCount === 0
  if (!isWithoutKeys && batch.lastOffset >= fromOffset) {
    const records = new RecordReader(batch, await decompressOffThread(batch.codec, batch.payload))
    for (let i = 1; records.next(); i++) {
      if (i % recordsPerLook === 0 && pace.isDue) await pace.rest()
      const { key, offset } = records
      if (key !== null && offset >= fromOffset && !map.put(key, offset)) return false
    }
  }
  if (batch.lastOffset >= fromOffset) map.noteOffset(batch.lastOffset)
  return true
}

/** How many records are looked at between two looks at the clock. */
const recordsPerLook = 64

async function cleanGroup(
  log: LogUnderCleaning,
  group: readonly Segment[],
  filter: RecordFilter,
  outcomes: TransactionOutcomes,
  { pace, bufferBytes }: CleaningOptions,
  progress: Progress,
): Promise<Segment> {
  const cleaned = await log.createCleaned(group[0]?.baseOffset ?? 0)
  const output = new SegmentOutput(cleaned, bufferBytes)
  try {
    for (const [i, segment] of group.entries()) {
      let left = segment.writtenBytes
      const scan = { from: 0, to: segment.writtenBytes, chunkBytes: bufferBytes }
      for await (const batch of walkBatches(segment.file, scan)) {
        left -= batch.sizeBytes
        progress.bytesRead += batch.sizeBytes
        requireWhole(batch)
        const kept = await filter.filter(batch, { mustStay: left === 0 && i === group.length - 1 })
        if (kept !== undefined) await output.add(kept)
        await pace.move(batch.sizeBytes + (kept?.length ?? 0))
      }
    }
    for (const transaction of outcomes.takeLeft()) cleaned.transactions.append(transaction)
    await output.finish()
  } catch (error) {
    await cleaned.place.discard()
    throw error
  }
  progress.bytesWritten += cleaned.sizeBytes
  return cleaned
}

/** A batch that is damaged must not be taken for one without the keys that it has. */
function requireWhole(batch: RecordBatch): void {
  if (!batch.hasValidChecksum()) throw new ProtocolError(`Checksum of the batch at offset ${batch.baseOffset} is wrong`)
}

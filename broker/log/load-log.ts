import { join } from 'node:path'
import { completeSwaps } from './cleaner/complete-swaps.ts'
import type { FileSystem } from './file-system.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import type { LogConfig } from './log-config.ts'
import { readTopicId } from './partition-metadata.ts'
import { ProducerSnapshots } from './producer-snapshots.ts'
import { ProducerStates } from './producer-states.ts'
import { replayProducers } from './replay-producers.ts'
import { Segment } from './segment.ts'
import {
  cleanedSuffix,
  deletedSuffix,
  parseSegmentFileName,
  segmentFileName,
  segmentSuffixes,
} from './segment-files.ts'

export interface LogRecovery {
  /** Whether the process that wrote the log closed it. */
  isClean: boolean
  /** Everything before it was synced, index files too. */
  recoveryPoint: number
  logStartOffset: number
  /** Up to where the log was cleaned; undefined when it never was. */
  cleanedOffset?: number | undefined
}

export interface LoadOptions {
  fileSystem: FileSystem
  directory: string
  config: LogConfig
  recovery: LogRecovery
}

export interface LoadedLog {
  topicId: string | undefined
  /** In order; at least one. */
  segments: Segment[]
  leaderEpochs: LeaderEpochs
  producers: ProducerStates
  snapshots: ProducerSnapshots
  logStartOffset: number
  logEndOffset: number
}

/** Opens what is in a partition's folder and repairs what a crash left of it. */
export async function loadLog(options: LoadOptions): Promise<LoadedLog> {
  const { fileSystem, directory, recovery } = options
  const found = await fileSystem.list(directory)
  const names = (await completeSwaps(fileSystem, directory, found)) ? await fileSystem.list(directory) : found
  await removeLeftovers(options, names)
  const isEmptyFolder = names.length === 0
  const topicId = isEmptyFolder ? undefined : await readTopicId(fileSystem, directory)
  const epochsPath = join(directory, 'leader-epoch-checkpoint')
  const knownEpochs = isEmptyFolder ? undefined : await LeaderEpochs.load(fileSystem, epochsPath)
  const leaderEpochs = knownEpochs ?? new LeaderEpochs(fileSystem, epochsPath)
  const snapshots = new ProducerSnapshots(fileSystem, directory, offsetsIn(names, segmentSuffixes.snapshot))
  const producers = new ProducerStates()

  let segments = await findSegments(options, names)
  const areEpochsLost = knownEpochs === undefined && segments.some((segment) => segment.sizeBytes > 0)
  const recoveryPoint = areEpochsLost ? 0 : recovery.recoveryPoint
  const firstUnsure = await findFirstUnsure(segments, recovery.isClean && !areEpochsLost, recoveryPoint)
  await replayProducers(producers, snapshots, segments, segments[firstUnsure]?.baseOffset ?? endOf(segments))
  segments = await recoverSegments(segments, firstUnsure, leaderEpochs, producers)

  let logStartOffset = Math.max(recovery.logStartOffset, segments[0]?.baseOffset ?? 0)
  if (segments.length > 0 && endOf(segments) < logStartOffset) {
    await Promise.all(segments.map((segment) => segment.remove()))
    producers.clear()
    segments = []
  }
  if (segments.length === 0) {
    logStartOffset = recovery.logStartOffset
    segments = [
      isEmptyFolder && logStartOffset === 0 ? newSegment(options, 0) : await createSegment(options, logStartOffset),
    ]
  }
  const logEndOffset = endOf(segments)
  leaderEpochs.truncateFromEnd(logEndOffset)
  leaderEpochs.truncateFromStart(logStartOffset)
  await leaderEpochs.save()
  await snapshots.removeStray(new Set(segments.map((segment) => segment.baseOffset)), logEndOffset)
  return { topicId, segments, leaderEpochs, producers, snapshots, logStartOffset, logEndOffset }
}

type SegmentFolder = Pick<LoadOptions, 'fileSystem' | 'directory' | 'config'>

/** With its file, whose name tells where an empty log goes on. */
export async function createSegment(folder: SegmentFolder, baseOffset: number): Promise<Segment> {
  const { fileSystem, directory } = folder
  await fileSystem.writeFile(join(directory, segmentFileName(baseOffset, segmentSuffixes.log)), '')
  return newSegment(folder, baseOffset)
}

/** What cleaning writes for the place of others, from an empty file on: an earlier attempt may have left one. */
export async function createCleanedSegment(folder: SegmentFolder, baseOffset: number): Promise<Segment> {
  const segment = newSegment(folder, baseOffset, cleanedSuffix)
  await folder.fileSystem.remove(segment.file.path)
  return segment
}

/** Its file comes with its first batch. */
export function newSegment(folder: SegmentFolder, baseOffset: number, fileSuffix?: string): Segment {
  const { fileSystem, directory, config } = folder
  const { indexIntervalBytes } = config
  return new Segment({ fileSystem, directory, baseOffset, indexIntervalBytes, sizeBytes: 0, fileSuffix })
}

async function removeLeftovers({ fileSystem, directory }: LoadOptions, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (['.tmp', cleanedSuffix, deletedSuffix].some((suffix) => name.endsWith(suffix))) {
      await fileSystem.remove(join(directory, name))
    }
  }
}

async function findSegments(options: LoadOptions, names: readonly string[]): Promise<Segment[]> {
  const { fileSystem, directory, config } = options
  const { indexIntervalBytes } = config
  const segments: Segment[] = []
  const withTransactions = new Set(offsetsIn(names, segmentSuffixes.transactionIndex))
  for (const baseOffset of offsetsIn(names, segmentSuffixes.log)) {
    const pathOf = (suffix: string) => join(directory, segmentFileName(baseOffset, suffix))
    const sizeBytes = (await fileSystem.sizeOf(pathOf(segmentSuffixes.log))) ?? 0
    const transactionIndexBytes = withTransactions.has(baseOffset)
      ? await fileSystem.readFile(pathOf(segmentSuffixes.transactionIndex))
      : undefined
    const name = { fileSystem, directory, baseOffset }
    segments.push(new Segment({ ...name, indexIntervalBytes, sizeBytes, transactionIndexBytes }))
  }
  return segments
}

/** Ascending. */
function offsetsIn(names: readonly string[], suffix: string): number[] {
  const offsets = names.map((name) => parseSegmentFileName(name, suffix)).filter((offset) => offset !== undefined)
  return offsets.sort((a, b) => a - b)
}

/** Index of the first segment whose content cannot be relied on; their count when all can. */
async function findFirstUnsure(segments: readonly Segment[], isClean: boolean, recoveryPoint: number): Promise<number> {
  const last = segments.at(-1)
  if (last === undefined) return 0
  const endOfSegment = (i: number) => segments[i + 1]?.baseOffset ?? Number.POSITIVE_INFINITY
  const isUnsure = ({ transactions }: Segment, i: number) =>
    transactions.isDamaged || (!isClean && endOfSegment(i) > recoveryPoint)
  const first = segments.findIndex(isUnsure)
  if (first !== -1) return first
  await last.load()
  return last.endsWithWholeBatch ? segments.length : segments.length - 1
}

/** Reads segments from `first` on, checksums included, up to the first bad batch; what follows that one is removed. */
async function recoverSegments(
  segments: readonly Segment[],
  first: number,
  leaderEpochs: LeaderEpochs,
  producers: ProducerStates,
): Promise<Segment[]> {
  for (const [i, segment] of segments.entries()) {
    if (i < first) continue
    const wasCut = await segment.recover((batch) => {
      if (!batch.hasValidChecksum()) return false
      leaderEpochs.assign(batch.partitionLeaderEpoch, batch.baseOffset)
      const aborted = producers.update(batch)
      if (aborted !== undefined) segment.transactions.append(aborted)
      return true
    })
    if (wasCut) {
      await Promise.all(segments.slice(i + 1).map((later) => later.remove()))
      return segments.slice(0, i + 1)
    }
    if (i < segments.length - 1) {
      await segment.complete()
      segment.unload()
    }
  }
  return [...segments]
}

function endOf(segments: readonly Segment[]): number {
  return segments.at(-1)?.nextOffset ?? 0
}

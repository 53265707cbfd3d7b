import { join } from 'node:path'
import { completeSwaps } from './cleaner/complete-swaps.ts'
import type { FileSystem } from './file-system.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import type { LogConfig } from './log-config.ts'
import { readTopicId } from './partition-metadata.ts'
import { ProducerSnapshots } from './producer-snapshots.ts'
import { ProducerStates } from './producer-states.ts'
import { recoverSegments } from './recover-segments.ts'
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
  segments: readonly Segment[]
  leaderEpochs: LeaderEpochs
  producers: ProducerStates
  snapshots: ProducerSnapshots
  logStartOffset: number
  logEndOffset: number
}

/** Opens what is in a partition's folder and repairs what a crash left of it. */
export async function loadLog(options: LoadOptions): Promise<LoadedLog> {
  const { fileSystem, directory, recovery } = options
  const listed = await fileSystem.list(directory)
  const names = (await completeSwaps(fileSystem, directory, listed)) ? await fileSystem.list(directory) : listed
  await removeLeftovers(options, names)
  const isEmptyFolder = names.length === 0
  const topicId = isEmptyFolder ? undefined : await readTopicId(fileSystem, directory)
  const epochsPath = join(directory, 'leader-epoch-checkpoint')
  const knownEpochs = isEmptyFolder ? undefined : await LeaderEpochs.load(fileSystem, epochsPath)
  const leaderEpochs = knownEpochs ?? new LeaderEpochs(fileSystem, epochsPath)
  const snapshots = new ProducerSnapshots(fileSystem, directory, offsetsIn(names, segmentSuffixes.snapshot))
  const producers = new ProducerStates()

  const found = await findSegments(options, names)
  const mustReadAll = knownEpochs === undefined && found.some((segment) => segment.sizeBytes > 0)
  const { isClean, recoveryPoint } = recovery
  const state = { leaderEpochs, producers, snapshots }
  const { kept, wasCut } = await recoverSegments(found, { isClean, recoveryPoint, mustReadAll, ...state })
  let segments = kept

  let logStartOffset = Math.max(recovery.logStartOffset, segments[0]?.baseOffset ?? 0)
  if (segments.length > 0 && endOf(segments) < logStartOffset) {
    for (const segment of segments.toReversed()) await segment.place.remove()
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
  // Or what was removed might be back when the log has grown beyond it again.
  if (wasCut || (segments !== kept && !isEmptyFolder)) await fileSystem.syncDirectory(directory)
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

function endOf(segments: readonly Segment[]): number {
  return segments.at(-1)?.nextOffset ?? 0
}

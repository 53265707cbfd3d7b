import type { CompactionConfig } from '../log-config.ts'

/** What has to be known of a segment to decide whether and how it is cleaned. */
export interface SegmentFacts {
  readonly baseOffset: number
  readonly sizeBytes: number
  /** Of the first batch that has one; undefined when none has. */
  readonly firstTimestampMs: number | undefined
  /** -1 when no record has one. */
  readonly maxTimestampMs: number
}

export interface LogFacts {
  /** All but the active one, ascending. */
  readonly closed: readonly SegmentFacts[]
  readonly activeBaseOffset: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  /** Records from here on may still be taken back, or belong to a transaction that is open. */
  readonly lastStableOffset: number
  /** Up to where the log was cleaned; undefined when it never was. */
  readonly cleanedOffset: number | undefined
}

/** What of a log can be cleaned now, by Kafka's rules (LogCleanerManager). */
export interface CleanableRange {
  readonly firstDirtyOffset: number
  readonly firstUncleanableOffset: number
  readonly cleanBytes: number
  readonly cleanableBytes: number
  /** The share of what could be cleaned that is dirty, 0 to 1. */
  readonly dirtyRatio: number
  /** A record has waited for longer than max.compaction.lag.ms. */
  readonly isOverdue: boolean
}

export function computeCleanableRange(log: LogFacts, config: CompactionConfig, nowMs: number): CleanableRange {
  const firstDirtyOffset = findFirstDirtyOffset(log)
  const firstUncleanableOffset = findFirstUncleanableOffset(log, firstDirtyOffset, config, nowMs)
  const cleanBytes = sizeBetween(log, Number.NEGATIVE_INFINITY, firstDirtyOffset)
  const cleanableBytes = sizeBetween(log, firstDirtyOffset, firstUncleanableOffset)
  const totalBytes = cleanBytes + cleanableBytes
  const dirtyRatio = totalBytes === 0 ? 0 : cleanableBytes / totalBytes
  const isOverdue = isWaiting(log, firstDirtyOffset, config, nowMs)
  return { firstDirtyOffset, firstUncleanableOffset, cleanBytes, cleanableBytes, dirtyRatio, isOverdue }
}

export function mustClean(range: CleanableRange, config: CompactionConfig): boolean {
  if (range.cleanableBytes === 0) return false
  return range.isOverdue || range.dirtyRatio > config.minCleanableDirtyRatio
}

/** A log that was cut below what was cleaned, or began anew behind it, is dirty from its start. */
function findFirstDirtyOffset({ cleanedOffset, logStartOffset, logEndOffset }: LogFacts): number {
  if (cleanedOffset === undefined || cleanedOffset > logEndOffset) return logStartOffset
  return Math.max(cleanedOffset, logStartOffset)
}

/** Whole segments only: the one that holds the bound stays as it is. */
function findFirstUncleanableOffset(
  { closed, activeBaseOffset, lastStableOffset }: LogFacts,
  firstDirtyOffset: number,
  { minCompactionLagMs }: CompactionConfig,
  nowMs: number,
): number {
  for (const [i, { baseOffset, maxTimestampMs }] of closed.entries()) {
    const endOffset = closed[i + 1]?.baseOffset ?? activeBaseOffset
    if (endOffset <= firstDirtyOffset) continue
    const isTooYoung = minCompactionLagMs > 0 && maxTimestampMs > nowMs - minCompactionLagMs
    if (isTooYoung || endOffset > lastStableOffset) return baseOffset
  }
  return activeBaseOffset
}

/** Of the segments that begin before `to`, from the one that holds `from` on: one cleaned in part counts as both. */
function sizeBetween({ closed }: LogFacts, from: number, to: number): number {
  if (from >= to) return 0
  const holdsFrom = closed.findLastIndex(({ baseOffset }) => baseOffset <= from)
  let bytes = 0
  for (const [i, { baseOffset, sizeBytes }] of closed.entries()) {
    if (i >= holdsFrom && baseOffset < to) bytes += sizeBytes
  }
  return bytes
}

function isWaiting(
  { closed }: LogFacts,
  firstDirtyOffset: number,
  { maxCompactionLagMs, minCompactionLagMs }: CompactionConfig,
  nowMs: number,
): boolean {
  const holdsDirty = closed.findLastIndex(({ baseOffset }) => baseOffset <= firstDirtyOffset)
  const dirty = closed.slice(Math.max(0, holdsDirty))
  const timestamps = dirty.map(({ firstTimestampMs }) => firstTimestampMs).filter((time) => time !== undefined)
  const waitMsMax = Math.max(maxCompactionLagMs, minCompactionLagMs)
  return timestamps.length > 0 && Math.min(...timestamps) < nowMs - waitMsMax
}

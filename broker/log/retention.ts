import type { LogConfig } from './log-config.ts'

export interface RetentionSegment {
  /** Where the following segment begins, or the log's end for the last one. */
  endOffset: number
  sizeBytes: number
  /** What its age counts from; -1 when that is not known. */
  lastTimestampMs: number
}

export interface RetentionState {
  nowMs: number
  logStartOffset: number
  highWatermark: number
}

/**
 * How many of the oldest segments may go, by Kafka's rules: those wholly below the log start offset always; with
 * cleanup.policy delete also those whose youngest record is older than retention.ms, and as many as retention.bytes
 * asks. Records at or above the high watermark stay.
 */
export function countDeletableSegments(
  segments: readonly RetentionSegment[],
  config: LogConfig,
  { nowMs, logStartOffset, highWatermark }: RetentionState,
): number {
  const isExpired = ({ lastTimestampMs }: RetentionSegment) =>
    config.retentionMs >= 0 && lastTimestampMs >= 0 && nowMs - lastTimestampMs > config.retentionMs
  let surplusBytes = segments.reduce((sum, segment) => sum + segment.sizeBytes, 0) - config.retentionBytes
  let count = 0
  for (const segment of segments) {
    const isSurplus = config.retentionBytes >= 0 && surplusBytes >= segment.sizeBytes
    const isUnwanted = config.deletesOldSegments && (isExpired(segment) || isSurplus)
    if (segment.endOffset > highWatermark || segment.sizeBytes === 0) break
    if (segment.endOffset > logStartOffset && !isUnwanted) break
    surplusBytes -= segment.sizeBytes
    count++
  }
  return count
}

import type { Compression } from '../record/compress.ts'

/** How a topic whose cleanup.policy says compact is cleaned. */
export interface CompactionConfig {
  readonly minCleanableDirtyRatio: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly deleteRetentionMs: number
}

/** What a partition's log needs to know of its topic's configuration. Limits that are never reached are MAX_SAFE_INTEGER. */
export interface LogConfig {
  segmentBytes: number
  segmentMs: number
  /** The most that is taken off `segmentMs`, at random for each segment. */
  segmentJitterMs: number
  segmentIndexBytes: number
  indexIntervalBytes: number
  maxMessageBytes: number
  /** -1 keeps records whatever their age. */
  retentionMs: number
  /** -1 keeps records whatever the size. */
  retentionBytes: number
  fileDeleteDelayMs: number
  isCompacted: boolean
  compaction: CompactionConfig
  /** False for topics that are only compacted. */
  deletesOldSegments: boolean
  timestampType: 'CreateTime' | 'LogAppendTime'
  timestampBeforeMaxMs: number
  timestampAfterMaxMs: number
  /** Records after which the log is synced before they are acknowledged. */
  flushMessages: number
  /** How long what is written may stay unsynced. */
  flushMs: number
  /** Undefined stores batches as they were sent. */
  compression: Compression | undefined
  producerExpirationMs: number
}

const hourMs = 60 * 60 * 1000

/** Apache Kafka's defaults. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * hourMs,
  segmentJitterMs: 0,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1024 * 1024 + 12,
  retentionMs: 7 * 24 * hourMs,
  retentionBytes: -1,
  fileDeleteDelayMs: 60 * 1000,
  isCompacted: false,
  compaction: {
    minCleanableDirtyRatio: 0.5,
    minCompactionLagMs: 0,
    maxCompactionLagMs: Number.MAX_SAFE_INTEGER,
    deleteRetentionMs: 24 * hourMs,
  },
  deletesOldSegments: true,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: hourMs,
  flushMessages: Number.MAX_SAFE_INTEGER,
  flushMs: Number.MAX_SAFE_INTEGER,
  compression: undefined,
  producerExpirationMs: 24 * hourMs,
}

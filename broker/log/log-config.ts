/** What a partition's log needs to know of its topic's configuration. */
export interface LogConfig {
  segmentBytes: number
  segmentMs: number
  segmentIndexBytes: number
  indexIntervalBytes: number
  maxMessageBytes: number
  /** -1 keeps records whatever their age. */
  retentionMs: number
  /** -1 keeps records whatever the size. */
  retentionBytes: number
  fileDeleteDelayMs: number
  isCompacted: boolean
  /** False for topics that are only compacted. */
  deletesOldSegments: boolean
  timestampType: 'CreateTime' | 'LogAppendTime'
  timestampBeforeMaxMs: number
  timestampAfterMaxMs: number
  /** Records after which the log is synced before they are acknowledged. */
  flushMessages: number
  producerExpirationMs: number
}

const hourMs = 60 * 60 * 1000

/** Apache Kafka's defaults. */
export const defaultLogConfig: LogConfig = {
  segmentBytes: 1024 * 1024 * 1024,
  segmentMs: 7 * 24 * hourMs,
  segmentIndexBytes: 10 * 1024 * 1024,
  indexIntervalBytes: 4096,
  maxMessageBytes: 1024 * 1024 + 12,
  retentionMs: 7 * 24 * hourMs,
  retentionBytes: -1,
  fileDeleteDelayMs: 60 * 1000,
  isCompacted: false,
  deletesOldSegments: true,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Number.MAX_SAFE_INTEGER,
  timestampAfterMaxMs: hourMs,
  flushMessages: Number.MAX_SAFE_INTEGER,
  producerExpirationMs: 24 * hourMs,
}

/**
 * From a topic's configs under their Kafka names; what is missing keeps Apache Kafka's default.
 * `compression.type` is not here: batches are stored as their producer compressed them.
 */
export function parseLogConfig(configs: ReadonlyMap<string, string>): LogConfig {
  const number = (name: string, fallback: number) => {
    const text = configs.get(name)
    // Long.MAX_VALUE, a usual "never", is beyond what a number holds exactly.
    return text === undefined ? fallback : Math.min(Number(text), Number.MAX_SAFE_INTEGER)
  }
  const cleanup = (configs.get('cleanup.policy') ?? 'delete').split(',').map((policy) => policy.trim())
  const d = defaultLogConfig
  return {
    segmentBytes: number('segment.bytes', d.segmentBytes),
    segmentMs: number('segment.ms', d.segmentMs),
    segmentIndexBytes: number('segment.index.bytes', d.segmentIndexBytes),
    indexIntervalBytes: number('index.interval.bytes', d.indexIntervalBytes),
    maxMessageBytes: number('max.message.bytes', d.maxMessageBytes),
    retentionMs: number('retention.ms', d.retentionMs),
    retentionBytes: number('retention.bytes', d.retentionBytes),
    fileDeleteDelayMs: number('file.delete.delay.ms', d.fileDeleteDelayMs),
    isCompacted: cleanup.includes('compact'),
    deletesOldSegments: cleanup.includes('delete'),
    timestampType: configs.get('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms', d.timestampBeforeMaxMs),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms', d.timestampAfterMaxMs),
    flushMessages: number('flush.messages', d.flushMessages),
    producerExpirationMs: d.producerExpirationMs,
  }
}

import type { LogConfig } from '../log/log-config.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { ConfigLayer } from '../metadata/config-layers.ts'
import type { TopicConfig } from '../metadata/topic-config.ts'
import { resolveTopicConfig } from '../metadata/topic-config-sources.ts'
import type { Compression } from '../record/compress.ts'
import { codecs } from '../record/compression.ts'
import type { PartitionConfig } from './partition-host.ts'
import { throttledReplicasOn } from './throttled-replicas.ts'

/** What a topic's own configs and the broker's defaults add up to. */
export function resolvePartitionConfig(
  overrides: ReadonlyMap<string, string>,
  brokerLayers: readonly ConfigLayer[],
  broker: BrokerSettings,
  brokerId: number,
): PartitionConfig {
  const topic = resolveTopicConfig(overrides, brokerLayers)
  return {
    log: logConfigOf(topic, broker),
    minInSyncReplicas: topic.minInsyncReplicas,
    throttledLeaders: throttledReplicasOn(brokerId, topic.leaderReplicationThrottledReplicas),
    throttledFollowers: throttledReplicasOn(brokerId, topic.followerReplicationThrottledReplicas),
  }
}

function logConfigOf(topic: TopicConfig, broker: BrokerSettings): LogConfig {
  return {
    segmentBytes: topic.internalSegmentBytes ?? topic.segmentBytes,
    segmentMs: bounded(segmentMsOf(topic)),
    segmentJitterMs: bounded(topic.segmentJitterMs),
    segmentIndexBytes: topic.segmentIndexBytes,
    indexIntervalBytes: topic.indexIntervalBytes,
    maxMessageBytes: topic.maxMessageBytes,
    retentionMs: bounded(topic.retentionMs),
    retentionBytes: bounded(topic.retentionBytes),
    fileDeleteDelayMs: bounded(topic.fileDeleteDelayMs),
    isCompacted: topic.cleanupPolicy.includes('compact'),
    compaction: {
      minCleanableDirtyRatio: topic.minCleanableDirtyRatio,
      minCompactionLagMs: bounded(topic.minCompactionLagMs),
      maxCompactionLagMs: bounded(topic.maxCompactionLagMs),
      deleteRetentionMs: bounded(topic.deleteRetentionMs),
    },
    deletesOldSegments: topic.cleanupPolicy.includes('delete'),
    timestampType: topic.messageTimestampType === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    timestampBeforeMaxMs: bounded(topic.messageTimestampBeforeMaxMs),
    timestampAfterMaxMs: bounded(topic.messageTimestampAfterMaxMs),
    flushMessages: bounded(topic.flushMessages),
    flushMs: bounded(topic.flushMs),
    compression: compressionOf(topic),
    producerExpirationMs: broker.producerIdExpirationMs,
  }
}

/** What waits to be compacted for too long must be in a closed segment by then. */
function segmentMsOf({ cleanupPolicy, segmentMs, maxCompactionLagMs }: TopicConfig): number {
  return cleanupPolicy.includes('compact') ? Math.min(segmentMs, maxCompactionLagMs) : segmentMs
}

function compressionOf(topic: TopicConfig): Compression | undefined {
  switch (topic.compressionType) {
    case 'uncompressed':
      return { codec: codecs.none }
    case 'gzip':
      return { codec: codecs.gzip, level: topic.compressionGzipLevel }
    case 'snappy':
      return { codec: codecs.snappy }
    case 'lz4':
      return { codec: codecs.lz4 }
    case 'zstd':
      return { codec: codecs.zstd, level: topic.compressionZstdLevel }
    default:
      return undefined
  }
}

/** Long.MAX_VALUE, Kafka's "never", is beyond what a number holds exactly. */
function bounded(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER)
}

import type { LogConfig } from '../log/log-config.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { ConfigLayer } from '../metadata/config-layers.ts'
import type { TopicConfig } from '../metadata/topic-config.ts'
import { resolveTopicConfig } from '../metadata/topic-config-sources.ts'
import type { PartitionConfig } from './partition.ts'
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

/** `compression.type` has no place here: batches are stored as their producer compressed them. */
function logConfigOf(topic: TopicConfig, broker: BrokerSettings): LogConfig {
  return {
    segmentBytes: topic.internalSegmentBytes ?? topic.segmentBytes,
    segmentMs: bounded(topic.segmentMs),
    segmentIndexBytes: topic.segmentIndexBytes,
    indexIntervalBytes: topic.indexIntervalBytes,
    maxMessageBytes: topic.maxMessageBytes,
    retentionMs: bounded(topic.retentionMs),
    retentionBytes: bounded(topic.retentionBytes),
    fileDeleteDelayMs: bounded(topic.fileDeleteDelayMs),
    isCompacted: topic.cleanupPolicy.includes('compact'),
    deletesOldSegments: topic.cleanupPolicy.includes('delete'),
    timestampType: topic.messageTimestampType === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
    timestampBeforeMaxMs: bounded(topic.messageTimestampBeforeMaxMs),
    timestampAfterMaxMs: bounded(topic.messageTimestampAfterMaxMs),
    flushMessages: bounded(topic.flushMessages),
    producerExpirationMs: broker.producerIdExpirationMs,
  }
}

/** Long.MAX_VALUE, Kafka's "never", is beyond what a number holds exactly. */
function bounded(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER)
}

import { describe, expect, it } from 'vitest'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { resolveBrokerSettings } from '../../../broker/metadata/broker-config.ts'
import { brokerConfigLayers } from '../../../broker/metadata/config-layers.ts'
import { resolvePartitionConfig } from '../../../broker/replication/partition-config.ts'

function resolve(own: Record<string, string>, properties: Record<string, string> = {}) {
  const layers = brokerConfigLayers({ properties: new Map(Object.entries(properties)) })
  return resolvePartitionConfig(new Map(Object.entries(own)), layers, resolveBrokerSettings(layers), 1)
}

describe('the config of a partition', () => {
  it('is Apache Kafka’s where nothing is set', () => {
    const throttled = { throttledLeaders: new Set(), throttledFollowers: new Set() }
    expect(resolve({})).toEqual({ log: defaultLogConfig, minInSyncReplicas: 1, ...throttled })
  })

  it('is the topic’s, else the broker’s', () => {
    const { log, minInSyncReplicas } = resolve(
      { 'cleanup.policy': 'compact', 'retention.ms': '5', 'message.timestamp.type': 'LogAppendTime' },
      { 'log.retention.ms': '9', 'log.segment.bytes': '2000000', 'min.insync.replicas': '2' },
    )
    expect(log).toMatchObject({ isCompacted: true, deletesOldSegments: false, retentionMs: 5, segmentBytes: 2_000_000 })
    expect([log.timestampType, minInSyncReplicas]).toEqual(['LogAppendTime', 2])
  })

  it('forgets idle producers when producer.id.expiration.ms says so', () => {
    expect(resolve({}, { 'producer.id.expiration.ms': '1000' }).log.producerExpirationMs).toBe(1000)
  })

  it('takes spaces and capitals as Kafka does', () => {
    const { log } = resolve({ 'cleanup.policy': ' compact , delete ', 'retention.ms': ' 7 ' })
    expect(log).toMatchObject({ isCompacted: true, deletesOldSegments: true, retentionMs: 7 })
  })
})

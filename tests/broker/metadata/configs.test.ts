import { describe, expect, it } from 'vitest'
import { resolveBrokerSettings, resolveStaticBrokerSettings } from '../../../broker/metadata/broker-config.ts'
import { brokerConfigLayers } from '../../../broker/metadata/config-layers.ts'
import { configResource } from '../../../broker/metadata/config-resource.ts'
import { describedBrokerConfigs, describedTopicConfigs } from '../../../broker/metadata/described-configs.ts'
import { MetadataImage } from '../../../broker/metadata/image.ts'
import { MetadataDelta } from '../../../broker/metadata/metadata-delta.ts'
import { validateTopicConfigs } from '../../../broker/metadata/topic-config.ts'
import { resolveTopicConfig } from '../../../broker/metadata/topic-config-sources.ts'

const { topic, broker } = configResource

/** A cluster with these dynamic broker configs, as seen by broker 1. */
function layersOf(properties: Record<string, string>, dynamic: [broker: string, name: string, value: string][] = []) {
  const image = new MetadataImage('c')
  for (const [resourceName, name, value] of dynamic) {
    image.apply({ type: 'ConfigRecord', resourceType: broker, resourceName, name, value }, new MetadataDelta())
  }
  return brokerConfigLayers({ properties: new Map(Object.entries(properties)), dynamic: { image, brokerId: 1 } })
}

describe('a topic config', () => {
  // What Apache Kafka 4.3.1's LogConfig says, word for word.
  it.each([
    ['retention.ms', '-2', 'Invalid value -2 for configuration retention.ms: Value must be at least -1'],
    ['retention.ms', '', 'Invalid value  for configuration retention.ms: Not a number of type LONG'],
    ['cleanup.policy', 'x', 'Invalid value x for configuration cleanup.policy: String must be one of: compact, delete'],
    ['cleanup.policy', 'delete,', "Configuration 'cleanup.policy' values must not be empty."],
    ['min.insync.replicas', '0', 'Invalid value 0 for configuration min.insync.replicas: Value must be at least 1'],
    [
      'compression.type',
      'foo',
      'Invalid value foo for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer',
    ],
    [
      'preallocate',
      'maybe',
      'Invalid value maybe for configuration preallocate: Expected value to be either true or false',
    ],
    ['segment.bytes', '100', 'Invalid value 100 for configuration segment.bytes: Value must be at least 1048576'],
    [
      'segment.bytes',
      '99999999999',
      'Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT',
    ],
    [
      'min.cleanable.dirty.ratio',
      '2',
      'Invalid value 2.0 for configuration min.cleanable.dirty.ratio: Value must be no more than 1',
    ],
    [
      'leader.replication.throttled.replicas',
      'x',
      "Invalid value [x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
    ],
    [
      'compression.gzip.level',
      '0',
      'Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1',
    ],
  ])('%s=%j is refused', (name, value, message) => {
    expect(() => validateTopicConfigs(new Map([[name, value]]))).toThrow(message)
  })

  it.each([
    ['cleanup.policy', ''],
    ['cleanup.policy', 'compact, delete'],
    ['preallocate', ' TRUE '],
    ['retention.ms', ' 5 '],
    ['leader.replication.throttled.replicas', '*'],
    ['leader.replication.throttled.replicas', '0:1,1:2'],
    ['flush.messages', '9223372036854775807'],
  ])('%s=%j is accepted', (name, value) => {
    expect(() => validateTopicConfigs(new Map([[name, value]]))).not.toThrow()
  })

  it('is the topic’s own, else the broker’s dynamic, else its properties’, else the default', () => {
    const resolve = (own: Record<string, string>, ...layers: Parameters<typeof layersOf>) =>
      resolveTopicConfig(new Map(Object.entries(own)), layersOf(...layers)).retentionMs
    const everywhere: Parameters<typeof layersOf> = [
      { 'log.retention.ms': '3' },
      [
        ['1', 'log.retention.ms', '1'],
        ['', 'log.retention.ms', '2'],
      ],
    ]
    expect(resolve({ 'retention.ms': '0' }, ...everywhere)).toBe(0)
    expect(resolve({}, ...everywhere)).toBe(1)
    expect(resolve({}, { 'log.retention.ms': '3' })).toBe(3)
    expect(resolve({}, { 'log.retention.hours': '2' })).toBe(7_200_000)
    expect(resolve({}, { 'log.retention.hours': '2', 'log.retention.minutes': '1' })).toBe(60_000)
    expect(resolve({}, { 'log.retention.hours': '-1' })).toBe(-1)
    expect(resolve({}, {})).toBe(604_800_000)
  })
})

describe('described configs', () => {
  const find = (configs: ReturnType<typeof describedTopicConfigs>, name: string) => {
    const config = configs.find((one) => one.name === name)
    return `${config?.value} from ${config?.source}: ${config?.synonyms.map((s) => `${s.name}=${s.value}@${s.source}`).join(' ')}`
  }

  // As Apache Kafka 4.3.1 listed them.
  it('tell every place that sets a topic’s config', () => {
    const dynamic: [string, string, string][] = [
      ['1', 'log.retention.ms', '123456'],
      ['', 'log.retention.ms', '654321'],
    ]
    const own = new Map([['cleanup.policy', ' compact, delete ']])
    const described = describedTopicConfigs(own, layersOf({}, dynamic))
    expect(find(described, 'cleanup.policy')).toBe(
      'compact,delete from 1: cleanup.policy=compact,delete@1 log.cleanup.policy=delete@5',
    )
    expect(find(described, 'retention.ms')).toBe(
      '123456 from 2: log.retention.ms=123456@2 log.retention.ms=654321@3 log.retention.hours=168@5',
    )
    expect(find(described, 'segment.ms')).toBe('604800000 from 5: ')
    expect(find(described, 'flush.messages')).toBe(
      '9223372036854775807 from 5: log.flush.interval.messages=9223372036854775807@5',
    )
    expect(described.map(({ name }) => name)).not.toContain('internal.segment.bytes')
  })

  it('tells names that it does not know as secrets, and what the authorizer reads for itself', () => {
    const layers = layersOf({ 'super.users': 'User:root' }, [['1', 'my.plugin.password', 'hidden']])
    const described = new Map(describedBrokerConfigs(layers).map((config) => [config.name, config]))
    const secret = { value: null, type: undefined, isSensitive: true, isReadOnly: true }
    expect(described.get('my.plugin.password')).toMatchObject(secret)
    expect(described.get('super.users')).toMatchObject({ ...secret, synonyms: [{ source: 4, value: null }] })
    expect(described.has('allow.everyone.if.no.acl.found')).toBe(false)
    expect(described.has('leader.replication.throttled.rate')).toBe(false)
    expect(described.has('controller.quorum.voters')).toBe(false)
  })

  it('tells configs that have no effect here once they are set', () => {
    const name = 'controller.quorum.voters'
    const described = describedBrokerConfigs(layersOf({ [name]: '1@localhost:9093' }))
    expect(described.find((config) => config.name === name)).toMatchObject({
      value: '1@localhost:9093',
      type: 'list',
      synonyms: [{ name, value: '1@localhost:9093', source: 4 }],
    })
  })

  it('tell a broker’s values and which of them are read-only', () => {
    const described = describedBrokerConfigs(layersOf({ 'node.id': '1', 'log.retention.hours': '2' }))
    expect(find(described, 'node.id')).toBe('1 from 4: node.id=1@4')
    expect(find(described, 'log.retention.ms')).toBe('null from 5: ')
    expect(described.find(({ name }) => name === 'num.partitions')?.isReadOnly).toBe(true)
    expect(described.find(({ name }) => name === 'log.retention.ms')?.isReadOnly).toBe(false)
  })
})

describe('broker settings', () => {
  it('are named after the configs and typed', () => {
    const settings = resolveStaticBrokerSettings(new Map([['replica.lag.time.max.ms', '10000']]))
    expect(settings.replicaLagTimeMaxMs).toBe(10_000)
    expect(settings.autoCreateTopicsEnable).toBe(true)
    expect(settings.logCleanupPolicy).toEqual(['delete'])
    expect(settings.brokerRack).toBeNull()
  })

  it('follow the dynamic configs', () => {
    const layers = layersOf({ 'message.max.bytes': '5' }, [['', 'message.max.bytes', '7']])
    expect(resolveBrokerSettings(layers).messageMaxBytes).toBe(7)
  })

  it('are not changed by the configs of topics', () => {
    const image = new MetadataImage('c')
    const record = { type: 'ConfigRecord', resourceType: topic, resourceName: '', name: 'message.max.bytes' } as const
    image.apply({ ...record, value: '7' }, new MetadataDelta())
    const layers = brokerConfigLayers({ properties: new Map(), dynamic: { image, brokerId: 1 } })
    expect(resolveBrokerSettings(layers).messageMaxBytes).toBe(1_048_588)
  })
})

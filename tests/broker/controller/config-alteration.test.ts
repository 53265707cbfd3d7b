import { describe, expect, it } from 'vitest'
import { alterConfigs, incrementalAlterConfigs } from '../../../broker/controller/config-alteration.ts'
import { errorName } from '../../../broker/protocol/errors.ts'
import { ClusterModel } from './cluster-model.ts'

const [topic, broker] = [2, 4]
const [set, remove, append, subtract] = [0, 1, 2, 3]

function clusterWithTopic(): ClusterModel {
  const cluster = new ClusterModel().start(1, 2, 3)
  cluster.create({ name: 't', replicationFactor: 3 })
  return cluster
}

function alter(
  cluster: ClusterModel,
  resourceType: number,
  resourceName: string,
  ...operations: [name: string, operation: number, value: string | null][]
): string {
  const configs = operations.map(([name, configOperation, value]) => ({ name, configOperation, value }))
  const request = { resources: [{ resourceType, resourceName, configs }], validateOnly: false }
  const { responses } = cluster.apply(incrementalAlterConfigs(cluster.state, request))
  return responses
    .map(({ errorCode, errorMessage }) => (errorCode === 0 ? 'OK' : `${errorName(errorCode)}: ${errorMessage}`))
    .join()
}

describe('altering configs one by one', () => {
  it('appends to what is in force, wherever that is set', () => {
    const cluster = clusterWithTopic()
    expect(alter(cluster, broker, '', ['log.cleanup.policy', set, 'compact'])).toBe('OK')
    expect(alter(cluster, topic, 't', ['cleanup.policy', append, 'delete'])).toBe('OK')
    expect(cluster.state.image.topicConfigs('t').get('cleanup.policy')).toBe('compact,delete')
    expect(alter(cluster, broker, '', ['log.cleanup.policy', append, 'delete'])).toBe('OK')
    expect(cluster.state.image.brokerConfigs('').get('log.cleanup.policy')).toBe('compact,delete')
  })

  it('takes configs of Apache Kafka that nothing here depends on, and checks them', () => {
    const cluster = clusterWithTopic()
    expect(alter(cluster, broker, '1', ['num.io.threads', set, '16'])).toBe('OK')
    expect(alter(cluster, broker, '1', ['sasl.kerberos.min.time.before.relogin', set, '58000'])).toBe('OK')
    expect(alter(cluster, broker, '', ['sasl.kerberos.min.time.before.relogin', set, '58000'])).toContain(
      'at default cluster level, broker id must be specified: [sasl.kerberos.min.time.before.relogin]',
    )
    expect(alter(cluster, broker, '', ['num.io.threads', set, '0'])).toContain('Value must be at least 1')
    expect(alter(cluster, broker, '', ['log.retention.ms', set, '0'])).toContain('unlimited (-1)')
  })

  it('keeps what it does not know, and refuses what would have to be read at a start', () => {
    const cluster = clusterWithTopic()
    expect(alter(cluster, broker, '1', ['my.plugin.setting', set, 'x'])).toBe('OK')
    expect(cluster.state.image.brokerConfigs(1).get('my.plugin.setting')).toBe('x')
    for (const name of ['ssl.provider', 'super.users', 'listener.name.plaintext.ssl.keystore.location']) {
      expect(alter(cluster, broker, '1', [name, set, 'x'])).toContain(
        `Cannot update these configs dynamically: [${name}]`,
      )
    }
    expect(alter(cluster, broker, 'x', ['log.retention.ms', set, '1'])).toContain('Node id must be an integer')
    for (const overrides of ['a:b', '127.0.0.1', '127.0.0.1:1,', ':3']) {
      expect(alter(cluster, broker, '', ['max.connections.per.ip.overrides', set, overrides])).toContain(
        'address:number',
      )
    }
    expect(alter(cluster, broker, '', ['max.connections.per.ip.overrides', set, '127.0.0.1:1, ::1:2'])).toBe('OK')
    expect(alter(cluster, 16, 'm', ['interval.ms', set, '1'])).toContain('does not collect the metrics of clients')
  })

  it('sets, appends, subtracts and deletes', () => {
    const cluster = clusterWithTopic()
    expect(alter(cluster, topic, 't', ['retention.ms', set, '1000'], ['cleanup.policy', append, 'compact'])).toBe('OK')
    expect(Object.fromEntries(cluster.state.image.topicConfigs('t'))).toEqual({
      'retention.ms': '1000',
      'cleanup.policy': 'delete,compact',
    })
    expect(alter(cluster, topic, 't', ['retention.ms', remove, null], ['cleanup.policy', subtract, 'delete'])).toBe(
      'OK',
    )
    expect(Object.fromEntries(cluster.state.image.topicConfigs('t'))).toEqual({ 'cleanup.policy': 'compact' })
  })

  // What Apache Kafka 4.3.1 answers, word for word.
  it.each([
    [topic, 'zz', 'retention.ms', set, '1', "UNKNOWN_TOPIC_OR_PARTITION: The topic 'zz' does not exist."],
    [topic, '', 'retention.ms', set, '1', 'INVALID_REQUEST: Default topic resources are not allowed.'],
    [
      topic,
      't',
      'retention.ms',
      set,
      'x',
      'INVALID_CONFIG: Invalid value x for configuration retention.ms: Not a number of type LONG',
    ],
    [topic, 't', 'bla', set, 'x', 'INVALID_CONFIG: Unknown topic config name: bla'],
    [
      topic,
      't',
      'retention.ms',
      append,
      '5',
      "INVALID_CONFIG: Can't APPEND to key retention.ms because its type is not LIST.",
    ],
    [topic, 't', 'retention.ms', set, null, 'INVALID_REQUEST: Null value not supported for : retention.ms'],
    [
      topic,
      't',
      'leader.replication.throttled.replicas',
      set,
      `${'0:1,'.repeat(9000)}0:1`,
      'INVALID_CONFIG: The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes.',
    ],
    [
      broker,
      '1',
      'num.partitions',
      set,
      '3',
      'INVALID_REQUEST: Cannot update these configs dynamically: [num.partitions]',
    ],
    [
      broker,
      '',
      'log.retention.ms',
      set,
      'x',
      'INVALID_REQUEST: Invalid value x for configuration log.retention.ms: Not a number of type LONG',
    ],
    [
      broker,
      '1',
      'min.insync.replicas',
      set,
      '1',
      'INVALID_CONFIG: Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      broker,
      '',
      'min.insync.replicas',
      remove,
      null,
      'INVALID_CONFIG: Cluster-level min.insync.replicas cannot be removed while ELR is enabled.',
    ],
    [broker, '9', 'log.retention.ms', set, '3', 'BROKER_ID_NOT_REGISTERED: No broker with id 9 found.'],
    [broker, '1', 'log.retention.ms', set, '3', 'OK'],
    [broker, '', 'min.insync.replicas', set, '1', 'OK'],
  ])('resource %i %j, %s %i %j: %s', (resourceType, resourceName, name, operation, value, expected) => {
    expect(alter(clusterWithTopic(), resourceType, resourceName, [name, operation, value])).toBe(expected)
  })

  it('refuses one config twice', () => {
    const outcome = alter(clusterWithTopic(), topic, 't', ['retention.ms', set, '1'], ['retention.ms', set, '2'])
    expect(outcome).toBe('INVALID_REQUEST: Error due to duplicate config keys')
  })

  it('forgets who is eligible to lead when the minimum of in-sync replicas changes', () => {
    const cluster = clusterWithTopic()
    for (const brokerId of [1, 2]) cluster.fence(brokerId)
    expect(cluster.partition('t').eligibleLeaderReplicas).toEqual([2])
    alter(cluster, topic, 't', ['min.insync.replicas', set, '1'])
    expect(cluster.partition('t').eligibleLeaderReplicas).toEqual([])
  })
})

describe('altering all configs of a resource', () => {
  it('removes what is not named', () => {
    const cluster = clusterWithTopic()
    alter(cluster, topic, 't', ['retention.ms', set, '1000'], ['segment.ms', set, '7'])
    const resources = [{ resourceType: topic, resourceName: 't', configs: [{ name: 'segment.ms', value: '8' }] }]
    cluster.apply(alterConfigs(cluster.state, { resources, validateOnly: true }))
    expect(cluster.state.image.topicConfigs('t').size).toBe(2)
    cluster.apply(alterConfigs(cluster.state, { resources, validateOnly: false }))
    expect(Object.fromEntries(cluster.state.image.topicConfigs('t'))).toEqual({ 'segment.ms': '8' })
  })
})

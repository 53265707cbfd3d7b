import { beforeAll, describe, expect, test } from 'vitest'
import { BrokerConnection } from '../../broker/network/connection.ts'
import { errorName } from '../../broker/protocol/errors.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { describeConfigs } from '../../broker/protocol/messages/32-describe-configs.ts'
import { createPartitions } from '../../broker/protocol/messages/37-create-partitions.ts'
import { incrementalAlterConfigs } from '../../broker/protocol/messages/44-incremental-alter-configs.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../broker/protocol/schema.ts'
import { startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { startTestCluster } from '../support/kafka-cluster.ts'
import { waitFor } from '../support/wait-for.ts'

/* One broker of ours and one of Apache Kafka are asked the same; clients and tools show their sentences to people. */

const clients: BrokerConnection[] = []
const timeout = { timeoutMs: 60_000 }
const ofTopic = 2
const ofBroker = 4
const [set, remove, append, subtract] = [0, 1, 2, 3]

beforeAll(async () => {
  const properties = { 'super.users': 'User:root', 'log.roll.hours': '100' }
  const apache = await startApacheKafka({ brokers: 1, properties, jvmOptions: quickJvmOptions })
  const ours = await startTestCluster({ brokers: 1, properties }).catch(async (error: unknown) => {
    await apache.stop()
    throw error
  })
  for (const { bootstrap } of [ours, apache]) {
    const [host = '', port] = bootstrap.split(':')
    clients.push(await BrokerConnection.connect({ host, port: Number(port), clientId: 'admin' }))
  }
  return async () => {
    for (const client of clients) client.close()
    await ours.stop()
    await apache.stop()
  }
})

/** What both answer, which has to be the same. */
async function askBoth<A extends Api, Answer>(
  api: A,
  version: number,
  body: RequestBodyOf<A>,
  read: (response: ResponseOf<A>) => Answer,
): Promise<Answer | undefined> {
  const [ours, apache] = await Promise.all(
    clients.map(async (client) => read(await client.send(api, version, body, timeout))),
  )
  expect(ours).toEqual(apache)
  return ours
}

function sentence({ errorCode, errorMessage }: { errorCode: number; errorMessage: string | null }): string {
  return `${errorName(errorCode)}: ${errorMessage ?? ''}`
}

type NewTopic = RequestBodyOf<typeof createTopics>['topics'][number]

function newTopic(topic: Partial<NewTopic>): NewTopic {
  return { name: 'new', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [], ...topic }
}

function create(topics: readonly NewTopic[], validateOnly = false) {
  return askBoth(createTopics, 7, { topics, timeoutMs: 30_000, validateOnly }, (response) =>
    response.topics
      .map((topic) => [
        ...[topic.name, sentence(topic), topic.numPartitions, topic.replicationFactor, topic.topicConfigErrorCode],
        topic.configs?.map(({ name, configSource }) => `${name} ${configSource}`).toSorted(),
      ])
      .toSorted(),
  )
}

const assigned = (assignments: readonly (readonly [number, readonly number[]])[]): Partial<NewTopic> => ({
  numPartitions: -1,
  replicationFactor: -1,
  assignments: assignments.map(([partitionIndex, brokerIds]) => ({ partitionIndex, brokerIds })),
})

describe('CreateTopics', () => {
  test('creates, and tells what the topic has', async () => {
    const configs = [{ name: 'retention.ms', value: '77' }]
    const told = await create([newTopic({ name: 'fine', configs })])
    expect(told?.[0]?.slice(0, 5)).toEqual(['fine', 'NONE: ', 1, 1, 0])
    await create([newTopic({ name: 'col.lides' })])
  })

  test.each([
    ['defaults', newTopic({ numPartitions: -1, replicationFactor: -1 })],
    ['more replicas than brokers', newTopic({ replicationFactor: 5 })],
    ['no replicas', newTopic({ replicationFactor: 0 })],
    ['fewer than no replicas', newTopic({ replicationFactor: -2 })],
    ['no partitions', newTopic({ numPartitions: 0 })],
    ['fewer than no partitions', newTopic({ numPartitions: -2 })],
    ['too many partitions', newTopic({ numPartitions: 100_001 })],
    ['no name', newTopic({ name: '' })],
    ['the name of a folder', newTopic({ name: '.' })],
    ['the name of the folder above', newTopic({ name: '..' })],
    ['a long name', newTopic({ name: 'x'.repeat(250) })],
    ['an odd name', newTopic({ name: 'a b' })],
    ['a name that is taken', newTopic({ name: 'fine' })],
    ['a name that metrics confuse', newTopic({ name: 'col_lides' })],
    ['the name of the metadata', newTopic({ name: '__cluster_metadata' })],
    ['replicas and their number', newTopic({ ...assigned([[0, [1]]]), numPartitions: 1 })],
    ['a gap in the partitions', newTopic(assigned([[1, [1]]]))],
    ['an unknown broker', newTopic(assigned([[0, [7]]]))],
    ['a broker twice', newTopic(assigned([[0, [1, 1]]]))],
    ['a partition without brokers', newTopic(assigned([[0, []]]))],
    [
      'a partition twice',
      newTopic(
        assigned([
          [0, [1]],
          [0, [1]],
        ]),
      ),
    ],
    [
      'partitions of different sizes',
      newTopic(
        assigned([
          [0, [1]],
          [1, [1, 2]],
        ]),
      ),
    ],
    ['a broker below zero', newTopic(assigned([[0, [-1]]]))],
  ])('%s', async (_what, topic) => {
    await create([topic], true)
  })

  test('one name twice', async () => {
    await create([newTopic({}), newTopic({})], true)
  })

  test.each([
    ...[
      ['no.such', '1'],
      ['retention.ms', 'x'],
      ['retention.ms', null],
      ['retention.ms', '-2'],
    ],
    ...[
      ['cleanup.policy', 'burn'],
      ['cleanup.policy', ''],
      ['segment.bytes', '1'],
      ['min.insync.replicas', '0'],
    ],
    ...[
      ['compression.type', 'zip'],
      ['compression.gzip.level', '99'],
      ['message.timestamp.type', 'foo'],
    ],
    ...[
      ['unclean.leader.election.enable', 'maybe'],
      ['min.compaction.lag.ms', '9223372036854775807'],
    ],
    ...[
      ['max.compaction.lag.ms', '0'],
      ['leader.replication.throttled.replicas', 'foo'],
      ['flush.messages', '0'],
    ],
    ...[
      ['remote.storage.enable', 'true'],
      ['local.retention.ms', '99999999999'],
      ['min.cleanable.dirty.ratio', '2'],
    ],
  ])('%s=%s', async (name, value) => {
    await create([newTopic({ configs: [{ name: name ?? '', value: value ?? null }] })], true)
  })
})

describe('CreatePartitions', () => {
  test.each([
    ['one more', { count: 2 }],
    ['as many as there are', { count: 1 }],
    ['fewer', { count: 0 }],
    ['fewer than none', { count: -1 }],
    ['an unknown broker', { count: 2, assignments: [{ brokerIds: [9] }] }],
    ['too many assignments', { count: 2, assignments: [{ brokerIds: [1] }, { brokerIds: [1] }] }],
    ['too few assignments', { count: 3, assignments: [{ brokerIds: [1] }] }],
    ['a broker twice', { count: 2, assignments: [{ brokerIds: [1, 1] }] }],
    ['a partition without brokers', { count: 2, assignments: [{ brokerIds: [] }] }],
  ])('%s', async (_what, topic) => {
    const topics = [{ name: 'fine', assignments: null, ...topic }]
    const body = { topics, timeoutMs: 30_000, validateOnly: true }
    await askBoth(createPartitions, 3, body, ({ results }) => results.map(sentence))
  })
})

type Change = readonly [name: string, operation: number | undefined, value: string | null]

async function alter(resourceType: number, resourceName: string, changes: readonly Change[], validateOnly = true) {
  const configs = changes.map(([name, configOperation = set ?? 0, value]) => ({ name, configOperation, value }))
  const body = { resources: [{ resourceType, resourceName, configs }], validateOnly }
  const said = await askBoth(incrementalAlterConfigs, 1, body, ({ responses }) => responses.map(sentence))
  return said?.[0]
}

describe('IncrementalAlterConfigs', () => {
  test.each<[string, readonly Change[]]>([
    ['fine', [['no.such', set, 'x']]],
    ['fine', []],
    ['fine', [['retention.ms', set, null]]],
    ['fine', [['retention.ms', append, '1']]],
    ['fine', [['retention.ms', subtract, '1']]],
    ['fine', [['cleanup.policy', append, null]]],
    ['fine', [['cleanup.policy', append, 'compact']]],
    [
      'fine',
      [
        ['retention.ms', set, '1'],
        ['retention.ms', set, '2'],
      ],
    ],
    [
      'fine',
      [
        ['retention.ms', remove, null],
        ['nope', remove, null],
      ],
    ],
    [
      'fine',
      [
        ['retention.ms', set, '12'],
        ['nope', set, '3'],
      ],
    ],
    ['nowhere', [['retention.ms', set, '12']]],
    ['', [['retention.ms', set, '12']]],
    ['a b', [['retention.ms', set, '12']]],
  ])('topic %j: %j', async (name, changes) => {
    await alter(ofTopic, name, changes)
  })

  test.each([
    ...[
      ['num.io.threads', '16'],
      ['num.io.threads', '0'],
      ['num.io.threads', 'x'],
      ['node.id', '3'],
    ],
    ...[
      ['sasl.kerberos.min.time.before.relogin', '58000'],
      ['max.connections', '100'],
      ['log.cleaner.threads', '2'],
    ],
    ...[
      ['log.retention.ms', 'x'],
      ['log.retention.ms', '60000'],
      ['log.segment.bytes', '1'],
      ['message.max.bytes', '-1'],
    ],
    ...[
      ['leader.replication.throttled.rate', '100'],
      ['follower.replication.throttled.rate', '-1'],
    ],
    ...[
      ['unclean.leader.election.enable', 'x'],
      ['min.insync.replicas', '1'],
      ['advertised.listeners', 'PLAINTEXT://a:1'],
    ],
    ...[
      ['producer.id.expiration.ms', '1000'],
      ['transaction.partition.verification.enable', 'false'],
    ],
    ...[
      ['compression.type', 'zip'],
      ['log.cleanup.policy', 'burn'],
      ['log.message.timestamp.type', 'foo'],
    ],
    ...[
      ['max.connections.per.ip', '-1'],
      ['quota.window.num', '3'],
      ['log.retention.hours', '3'],
    ],
    ...[
      ['replica.lag.time.max.ms', '3'],
      ['my.plugin.setting', 'x'],
    ],
  ])('broker: %s=%s', async (name = '', value = '') => {
    await alter(ofBroker, '1', [[name, set, value]])
    await alter(ofBroker, '', [[name, set, value]])
  })

  test('a broker that is no number', async () => {
    expect(await alter(ofBroker, 'x', [])).toContain('Node id must be an integer')
  })
})

describe('DescribeConfigs', () => {
  const describeBoth = (resourceType: number, resourceName: string, configurationKeys: readonly string[] | null) => {
    const resources = [{ resourceType, resourceName, configurationKeys }]
    const body = { resources, includeSynonyms: true, includeDocumentation: false }
    return askBoth(describeConfigs, 4, body, ({ results }) =>
      results.map((result) => [
        sentence(result),
        result.configs.map((config) => JSON.stringify({ ...config, documentation: null })).toSorted(),
      ]),
    )
  }

  test('tells where the configs of a broker, of all brokers and of a topic come from, and no secret', async () => {
    const names = ['log.retention.ms', 'my.password', 'super.users', 'leader.replication.throttled.rate', 'nothing']
    await alter(
      ofBroker,
      '1',
      [
        ['log.retention.ms', set, '7200000'],
        ['my.password', set, 'hidden'],
      ],
      false,
    )
    await alter(ofBroker, '1', [['leader.replication.throttled.rate', set, '5']], false)
    await alter(
      ofBroker,
      '',
      [
        ['log.retention.ms', set, '3600000'],
        ['max.connections', set, '500'],
      ],
      false,
    )
    await waitFor('Both have heard of it', async () => {
      const resources = [{ resourceType: ofBroker, resourceName: '', configurationKeys: ['max.connections'] }]
      const answers = clients.map((client) => client.send(describeConfigs, 4, { resources }, timeout))
      return (await Promise.all(answers)).every(({ results }) => results[0]?.configs.length === 1)
    })
    const told = JSON.stringify(await describeBoth(ofBroker, '1', names))
    expect(told).toContain('7200000')
    expect(told).not.toContain('hidden')
    await describeBoth(ofBroker, '', null)
    await describeBoth(ofTopic, 'fine', null)
  })

  test.each([
    [ofTopic, 'nowhere'],
    [ofTopic, ''],
    [ofTopic, 'a b'],
    [ofBroker, 'x'],
    [ofBroker, '9'],
    [8, ''],
    [8, '9'],
    [16, ''],
    [32, ''],
  ])('resource %i %j', async (resourceType, resourceName) => {
    await describeBoth(resourceType, resourceName, ['nothing'])
  })
})

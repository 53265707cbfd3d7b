import { beforeAll, describe, expect, test } from 'vitest'
import { BrokerConnection, ConnectionLost } from '../../broker/network/connection.ts'
import { errorCodes, errorName } from '../../broker/protocol/errors.ts'
import { metadata } from '../../broker/protocol/messages/03-metadata.ts'
import { findCoordinator } from '../../broker/protocol/messages/10-find-coordinator.ts'
import { describeGroups } from '../../broker/protocol/messages/15-describe-groups.ts'
import { saslHandshake } from '../../broker/protocol/messages/17-sasl-handshake.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { describeAcls } from '../../broker/protocol/messages/29-describe-acls.ts'
import { createAcls } from '../../broker/protocol/messages/30-create-acls.ts'
import { deleteAcls } from '../../broker/protocol/messages/31-delete-acls.ts'
import { saslAuthenticate } from '../../broker/protocol/messages/36-sasl-authenticate.ts'
import {
  type AclOperation,
  aclOperations,
  aclPatternTypes,
  aclPermissions,
  aclResourceTypes,
} from '../../broker/security/acl-codes.ts'
import { startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { startTestCluster } from '../support/kafka-cluster.ts'
import { waitFor } from '../support/wait-for.ts'
import { probes } from './authorization-probes.ts'

/** One broker of ours and one of Apache Kafka, alike, with root (who may do everything) and alice. */
interface Broker {
  readonly root: BrokerConnection
  alice: BrokerConnection
  readonly address: string
}

const brokers: { ours?: Broker; apache?: Broker } = {}
const timeout = { timeoutMs: 60_000 }

const properties = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'listener.name.plaintext.plain.sasl.jaas.config':
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="root" password="rp" ' +
    'user_root="rp" user_alice="ap";',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:root;User:ANONYMOUS',
  'default.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
  'auto.create.topics.enable': 'true',
}

beforeAll(async () => {
  const apache = await startApacheKafka({ brokers: 1, properties, jvmOptions: quickJvmOptions })
  const ours = await startTestCluster({ brokers: 1, properties }).catch(async (error: unknown) => {
    await apache.stop()
    throw error
  })
  brokers.apache = await connectTo(apache.bootstrap)
  brokers.ours = await connectTo(ours.bootstrap)
  return async () => {
    for (const broker of [brokers.ours, brokers.apache]) {
      broker?.root.close()
      broker?.alice.close()
    }
    await ours.stop()
    await apache.stop()
  }
})

async function connectTo(address: string): Promise<Broker> {
  return { address, root: await logIn(address, 'root', 'rp'), alice: await logIn(address, 'alice', 'ap') }
}

async function logIn(address: string, user: string, password: string): Promise<BrokerConnection> {
  const [host = '', port] = address.split(':')
  const connection = await BrokerConnection.connect({ host, port: Number(port), clientId: user })
  await connection.send(saslHandshake, 1, { mechanism: 'PLAIN' }, timeout)
  const authBytes = Buffer.from(`\0${user}\0${password}`)
  expect((await connection.send(saslAuthenticate, 2, { authBytes }, timeout)).errorCode).toBe(errorCodes.NONE)
  return connection
}

/** `allow read topic literal:orders` for alice from anywhere. */
type Rule =
  `${'allow' | 'deny'} ${AclOperation | 'all'} ${keyof typeof aclResourceTypes} ${'literal' | 'prefixed'}:${string}`

async function setAcls({ root }: Broker, rules: readonly Rule[]): Promise<void> {
  const every = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1, principalFilter: null }
  const filter = { ...every, hostFilter: null, operation: 1, permissionType: 1 }
  await root.send(deleteAcls, 3, { filters: [filter] }, timeout)
  const creations = rules.map((rule) => {
    const [permission = '', operation = '', type = '', pattern = ''] = rule.split(' ')
    const [patternType = '', resourceName = ''] = pattern.split(':')
    return {
      resourceType: aclResourceTypes[type as keyof typeof aclResourceTypes],
      resourceName,
      resourcePatternType: patternType === 'prefixed' ? aclPatternTypes.prefixed : aclPatternTypes.literal,
      principal: 'User:alice',
      host: '*',
      operation: aclOperations[operation as keyof typeof aclOperations],
      permissionType: permission === 'allow' ? aclPermissions.allow : aclPermissions.deny,
    }
  })
  const created = await root.send(createAcls, 3, { creations }, timeout)
  expect(created.results.map(({ errorCode }) => errorCode)).toEqual(creations.map(() => errorCodes.NONE))
  await waitFor('the ACLs apply', async () => {
    const { resources } = await root.send(describeAcls, 3, filter, timeout)
    return resources.reduce((sum, { acls }) => sum + acls.length, 0) === creations.length
  })
}

async function provideTopics({ root }: Broker): Promise<ReadonlyMap<string, string>> {
  const names = ['orders', 'payments', 'doomed']
  const topics = names.map((name) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }))
  await root.send(createTopics, 7, { topics }, timeout)
  const ids = new Map<string, string>()
  await waitFor('the topics are known', async () => {
    const answer = await root.send(metadata, 12, { topics: names.map((name) => ({ name })) }, timeout)
    for (const { name, topicId } of answer.topics) if (name !== null) ids.set(name, topicId)
    return answer.topics.every(({ errorCode, partitions }) => errorCode === 0 && partitions[0]?.leaderId === 1)
  })
  await waitFor('the groups are coordinated', async () => {
    await root.send(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['readers'] }, timeout)
    const asked = { groups: ['readers'], includeAuthorizedOperations: false }
    const { groups } = await root.send(describeGroups, 5, asked, timeout)
    return groups[0]?.errorCode === errorCodes.NONE
  })
  return ids
}

const telling: ReadonlySet<number> = new Set([
  errorCodes.TOPIC_AUTHORIZATION_FAILED,
  errorCodes.GROUP_AUTHORIZATION_FAILED,
  errorCodes.CLUSTER_AUTHORIZATION_FAILED,
  errorCodes.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  errorCodes.OPERATION_NOT_ATTEMPTED,
])

/** Where an answer refuses what, and what it shows; whatever else it says is judged elsewhere. */
function refusalsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    // Internal topics come into being at some time or other.
    const told = value.filter((item) => !labelOf(item)?.startsWith('__'))
    return told.flatMap((item, index) => refusalsIn(item, `${path}[${labelOf(item) ?? index}]`)).toSorted()
  }
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (/errorCode$/i.test(key)) {
      const code = Number(inner)
      return [`${path}.${key} ${telling.has(code) ? errorName(code) : 'allowed'}`]
    }
    return /authorizedOperations$/i.test(key) ? [`${path}.${key} ${inner}`] : refusalsIn(inner, `${path}.${key}`)
  })
}

function labelOf(item: unknown): string | undefined {
  if (item === null || typeof item !== 'object') return undefined
  const named = item as Readonly<Record<string, unknown>>
  for (const key of ['name', 'topic', 'topicName', 'groupId', 'resourceName', 'key', 'transactionalId', 'user']) {
    if (typeof named[key] === 'string' && named[key] !== '') return named[key]
  }
  return undefined
}

async function ask(broker: Broker, rules: readonly Rule[]): Promise<Record<string, string[]>> {
  const ids = await provideTopics(broker)
  await setAcls(broker, rules)
  const answers: Record<string, string[]> = {}
  for (const probe of probes(ids)) {
    try {
      answers[probe.name] = refusalsIn(await probe.ask(broker.alice))
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      answers[probe.name] = ['closed']
      broker.alice = await logIn(broker.address, 'alice', 'ap')
    }
  }
  return answers
}

describe('what alice may do is what she may do on Apache Kafka 4.3.1', () => {
  test.each<[string, readonly Rule[]]>([
    ['without any ACL', []],
    [
      'who may describe some',
      [
        'allow describe topic literal:orders',
        'allow describe group prefixed:read',
        'allow describe transactionalId literal:tx',
      ],
    ],
    ['who reads', ['allow read topic literal:orders', 'allow read group literal:readers']],
    ['who writes', ['allow write topic prefixed:ord', 'allow write transactionalId literal:tx']],
    ['who creates topics by name', ['allow create topic prefixed:new', 'allow describe topic prefixed:new']],
    ['who creates any topic', ['allow create cluster literal:kafka-cluster', 'allow describe topic literal:*']],
    [
      'who administers one topic',
      [
        'allow alter topic literal:orders',
        'allow delete topic literal:doomed',
        'allow alterConfigs topic literal:orders',
        'allow describeConfigs topic literal:payments',
        'allow delete group literal:readers',
      ],
    ],
    [
      'who looks at the cluster',
      ['allow describe cluster literal:kafka-cluster', 'allow describeConfigs cluster literal:kafka-cluster'],
    ],
    [
      'who alters the cluster',
      ['allow alter cluster literal:kafka-cluster', 'allow alterConfigs cluster literal:kafka-cluster'],
    ],
    ['who acts as a broker', ['allow clusterAction cluster literal:kafka-cluster']],
    ['who writes without transactions', ['allow idempotentWrite cluster literal:kafka-cluster']],
    [
      'who may do everything but with payments',
      [
        'allow all topic literal:*',
        'allow all group literal:*',
        'allow all transactionalId literal:*',
        'deny all topic literal:payments',
        'deny read group literal:readers',
      ],
    ],
  ])('%s', async (_who, rules) => {
    if (brokers.ours === undefined || brokers.apache === undefined) throw new Error('Not started')
    const apache = await ask(brokers.apache, rules)
    expect(await ask(brokers.ours, rules)).toEqual(apache)
  })
})

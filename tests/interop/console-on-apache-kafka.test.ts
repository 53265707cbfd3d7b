import { Kafka, logLevel } from 'kafkajs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { BrokerConfigs, BrokersList } from '../../lib/contract/broker.ts'
import type { Overview } from '../../lib/contract/cluster.ts'
import type { GroupDetail, GroupsList } from '../../lib/contract/group.ts'
import type { RecordsPage } from '../../lib/contract/record.ts'
import type { CreatedTopic, CreateTopicCheck, TopicConfigs, TopicDetail, TopicsList } from '../../lib/contract/topic.ts'
import { type ApacheKafka, startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'
import { startWatchingConsole, type WatchingConsole } from './watching-console.ts'
import { startWebhookReceiver } from './webhook-receiver.ts'

/** Rounds of a second, sessions of nine in Apache Kafka, and a machine that is busy. */
const patience = { timeoutMs: 90_000, intervalMs: 250 }

describe.each([
  { version: '4.3.1', brokers: 3 },
  { version: '3.9.1', brokers: 1 },
] as const)('the console on $brokers broker(s) of Apache Kafka $version', ({ version, brokers }) => {
  let kafka: ApacheKafka
  let watching: WatchingConsole
  const topic = 'parcels'
  const group = 'carriers'

  beforeAll(async () => {
    kafka = await startApacheKafka({ version, brokers, jvmOptions: quickJvmOptions })
    watching = await startWatchingConsole(kafka.bootstrap).catch(async (error: unknown) => {
      await kafka.stop()
      throw error
    })
    return async () => {
      await watching.stop()
      await kafka.stop()
    }
  })

  test('a topic is checked and created as the form does it', async () => {
    const input = { name: topic, partitions: 2, replicationFactor: brokers, configs: { 'retention.ms': '3600000' } }
    const tooMany = { ...input, replicationFactor: brokers + 1 }
    const refused = await watching.send<CreateTopicCheck>('POST', 'clusters/main/topics/check', tooMany, 200)
    expect(refused.isAccepted).toBe(false)
    const check = await watching.send<CreateTopicCheck>('POST', 'clusters/main/topics/check', input, 200)
    expect(check).toMatchObject({ isAccepted: true, plan: { partitions: 2, replicationFactor: brokers } })
    const created = await watching.send<CreatedTopic>('POST', 'clusters/main/topics', input, 201)
    expect(created).toMatchObject({ name: topic, partitions: 2, replicationFactor: brokers })
    const again = await watching.send<CreateTopicCheck>('POST', 'clusters/main/topics/check', input, 200)
    expect(again.isAccepted).toBe(false)
    const told = await runKafkaTool('org.apache.kafka.tools.TopicCommand', [
      ...['--bootstrap-server', kafka.bootstrap, '--describe', '--topic', topic],
    ])
    expect(told.stdout).toContain('retention.ms=3600000')
  })

  test('records, the topic and the lag of a group are shown', async () => {
    const client = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING })
    const producer = client.producer()
    await producer.connect()
    const messages = Array.from({ length: 10 }, (_, index) => ({ value: `{"parcel":${index}}`, partition: index % 2 }))
    await producer.send({ topic, messages })
    await producer.disconnect()
    const admin = client.admin()
    await admin.connect()
    await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '2' }] })
    await admin.disconnect()

    const rows = await waitFor(
      'the lag of the group without members',
      async () => {
        const { groups } = await watching.get<GroupsList>('clusters/main/groups')
        return groups.find((row) => row.id === group && row.state === 'Empty' && row.lagRecords !== null)
      },
      patience,
    )
    expect(rows).toMatchObject({ lagRecords: 3, topics: [topic] })
    const { positions } = await watching.get<GroupDetail>(`clusters/main/groups/${group}`)
    expect(positions).toContainEqual(
      expect.objectContaining({ topic, partition: 0, committedOffset: '2', endOffset: '5', lagRecords: 3 }),
    )

    const page = await watching.get<RecordsPage>(`clusters/main/topics/${topic}/records?from=oldest`)
    const values = page.records.map(({ value }) => Buffer.from(value?.base64 ?? '', 'base64').toString('utf8'))
    expect(values.toSorted()).toEqual(messages.map(({ value }) => value))

    const { topics } = await watching.get<TopicsList>('clusters/main/topics')
    expect(topics.find(({ name }) => name === topic)).toMatchObject({ partitions: 2, replicationFactor: brokers })
    const detail = await watching.get<TopicDetail>(`clusters/main/topics/${topic}`)
    expect(detail.partitions).toHaveLength(2)
    expect(detail.partitions.every(({ endOffset, inSync }) => endOffset === '5' && inSync.length === brokers)).toBe(
      true,
    )
    const { configs } = await watching.get<TopicConfigs>(`clusters/main/topics/${topic}/configs`)
    expect(configs.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '3600000' })
  })

  test('the controller is the leader of the quorum', async () => {
    const told = await runKafkaTool('org.apache.kafka.tools.MetadataQuorumCommand', [
      ...['--bootstrap-server', kafka.bootstrap, 'describe', '--status'],
    ])
    const leader = Number(/LeaderId:\s+(\d+)/.exec(told.stdout)?.[1])
    const list = await watching.get<BrokersList>('clusters/main/brokers')
    expect(list.controllerId).toBe(leader)
    expect(list.brokers.filter(({ isController }) => isController).map(({ id }) => id)).toEqual([leader])
    expect(list.brokers.map(({ id, state }) => ({ id, state }))).toEqual(
      kafka.brokers.map((_, index) => ({ id: index + 1, state: 'online' })),
    )
    const { configs } = await watching.get<BrokerConfigs>('clusters/main/brokers/1/configs')
    expect(configs.find(({ name }) => name === 'node.id')).toMatchObject({ value: '1' })
    expect(configs.length).toBeGreaterThan(200)
  })

  test('the overview says that all is well', async () => {
    const overview = await waitFor(
      'a quiet overview',
      async () => {
        const seen = await watching.get<Overview>('clusters/main/overview')
        return seen.counts.groups === 1 && seen.counts.underReplicated === 0 && seen.recordsInPerSecond !== null && seen
      },
      patience,
    )
    expect(overview.counts).toMatchObject({
      brokersOnline: brokers,
      brokersExpected: brokers,
      userTopics: 1,
      offline: 0,
    })
    expect(overview.lagRecords).toBe(3)
  })

  test.skipIf(brokers === 1)('a killed broker raises an alert that reaches a webhook and resolves', async () => {
    const receiver = await startWebhookReceiver()
    try {
      const channel = { name: 'on call', url: receiver.url, isEnabled: true }
      await watching.send('POST', 'channels', channel, 201)
      const rule = { isEnabled: true, severity: 'critical', forSeconds: 2, keepFiringSeconds: 2 }
      await watching.send('PUT', 'alert-rules/under_replicated', rule, 200)
      const told = (status: string) =>
        receiver.received.find((body) => body.status === status && body.groupLabels['alertname'] === 'under_replicated')

      await kafka.kill(3)
      const fired = await waitFor('the alert reaches the webhook', () => told('firing'), patience)
      expect(fired.commonAnnotations['brokers']).toBe('3')
      const overview = await watching.get<Overview>('clusters/main/overview')
      expect(overview.counts.underReplicated).toBeGreaterThan(0)
      expect(overview.brokers.find(({ id }) => id === 3)).toMatchObject({ state: 'down' })

      await kafka.restart(3)
      await waitFor('the alert is resolved', () => told('resolved'), patience)
      const calm = await watching.get<Overview>('clusters/main/overview')
      expect(calm.counts.underReplicated).toBe(0)
    } finally {
      await receiver.stop()
    }
  })
})

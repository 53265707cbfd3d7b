import { beforeAll, describe, expect, test } from 'vitest'
import { BrokerConnection } from '../../broker/network/connection.ts'
import { errorCodes } from '../../broker/protocol/errors.ts'
import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { describeConfigs } from '../../broker/protocol/messages/32-describe-configs.ts'
import { buildBatch, type NewRecord } from '../../broker/record/build-batch.ts'
import { startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { startTestCluster } from '../support/kafka-cluster.ts'
import { waitFor } from '../support/wait-for.ts'

const timeout = { timeoutMs: 60_000 }
let ours: BrokerConnection
let apache: BrokerConnection

beforeAll(async () => {
  const kafka = await startApacheKafka({ brokers: 1, jvmOptions: quickJvmOptions })
  const cluster = await startTestCluster({ brokers: 1 }).catch(async (error: unknown) => {
    await kafka.stop()
    throw error
  })
  ours = await connect(cluster.bootstrap)
  apache = await connect(kafka.bootstrap)
  return async () => {
    await ours.close()
    await apache.close()
    await cluster.stop()
    await kafka.stop()
  }
})

function connect(bootstrap: string): Promise<BrokerConnection> {
  const [host = '', port = ''] = bootstrap.split(':')
  return BrokerConnection.connect({ host, port: Number(port), clientId: 'interop' })
}

/** Both answer the same, and this. */
async function alike<T>(ask: (broker: BrokerConnection) => Promise<T>): Promise<T> {
  const [fromOurs, fromApache] = await Promise.all([ask(ours), ask(apache)])
  expect(fromOurs).toEqual(fromApache)
  return fromOurs
}

async function create(broker: BrokerConnection, name: string, configs: Record<string, string>, validateOnly = false) {
  const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
  const topics = [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: entries }]
  const answer = await broker.send(createTopics, 5, { topics, timeoutMs: 30_000, validateOnly }, timeout)
  const [topic] = answer.topics
  return { errorCode: topic?.errorCode, errorMessage: topic?.errorMessage }
}

async function describeResource(broker: BrokerConnection, resourceType: number, resourceName: string) {
  const resources = [{ resourceType, resourceName, configurationKeys: null }]
  const request = { resources, includeSynonyms: true, includeDocumentation: true }
  const answer = await broker.send(describeConfigs, 4, request, timeout)
  const configs = (answer.results[0]?.configs ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return configs.map(({ documentation, ...config }) => ({ ...config, isDocumented: (documentation ?? '').length > 10 }))
}

describe('topic configs, as Apache Kafka 4.3.1 has them', () => {
  test('are all described with value, source, type, synonyms and documentation', async () => {
    const configs = { 'cleanup.policy': 'compact', 'flush.ms': '7', 'min.cleanable.dirty.ratio': '0.25' }
    for (const broker of [ours, apache])
      expect(await create(broker, 'described', configs)).toMatchObject({ errorCode: 0 })
    const described = await alike((broker) => describeResource(broker, 2, 'described'))
    expect(described.length).toBeGreaterThan(30)
    expect(described.filter(({ isDocumented }) => !isDocumented)).toEqual([])
  })

  test.each([
    ['cleanup.policy', 'shred'],
    ['cleanup.policy', 'compact,,delete'],
    ['compression.type', 'brotli'],
    ['compression.gzip.level', '0'],
    ['compression.gzip.level', '10'],
    ['compression.lz4.level', '18'],
    ['compression.zstd.level', '23'],
    ['delete.retention.ms', '-1'],
    ['file.delete.delay.ms', 'soon'],
    ['flush.messages', '0'],
    ['flush.ms', '-1'],
    ['index.interval.bytes', '-1'],
    ['max.compaction.lag.ms', '0'],
    ['max.message.bytes', '-1'],
    ['max.message.bytes', '99999999999'],
    ['message.timestamp.after.max.ms', '-1'],
    ['message.timestamp.before.max.ms', '-1'],
    ['message.timestamp.type', 'EventTime'],
    ['min.cleanable.dirty.ratio', '1.5'],
    ['min.cleanable.dirty.ratio', 'half'],
    ['min.compaction.lag.ms', '-1'],
    ['min.insync.replicas', '0'],
    ['preallocate', 'maybe'],
    ['retention.bytes', 'all'],
    ['retention.ms', '-2'],
    ['segment.bytes', '1000'],
    ['segment.index.bytes', '3'],
    ['segment.jitter.ms', '-1'],
    ['segment.ms', '0'],
    ['unclean.leader.election.enable', 'yes'],
    ['local.retention.ms', '-3'],
    ['leader.replication.throttled.replicas', '1-2'],
    ['no.such.config', '1'],
  ])('refuse %s=%s in the same words', async (name, value) => {
    const refused = await alike((broker) => create(broker, 'refused', { [name]: value }, true))
    expect(refused.errorCode).not.toBe(0)
  })

  test('take a topic whose records neither are deleted nor compacted', async () => {
    expect(await alike((broker) => create(broker, 'kept', { 'cleanup.policy': '' }, true))).toMatchObject({
      errorCode: 0,
    })
  })

  test('refuse a shortest lag that is longer than the longest', async () => {
    const configs = { 'min.compaction.lag.ms': '1000', 'max.compaction.lag.ms': '10' }
    expect((await alike((broker) => create(broker, 'refused', configs, true))).errorCode).not.toBe(0)
  })

  test('have brokers’ log configs as their defaults, with the same types, values and ways to change them', async () => {
    const ofLogs =
      /^(log\.(cleaner|flush|index|message|preallocate|retention|roll|segment|cleanup)|compression\.|message\.max)/
    const describedLogs = async (broker: BrokerConnection) => {
      const configs = await describeResource(broker, 4, '1')
      return configs.filter(({ name }) => ofLogs.test(name))
    }
    const described = await alike(describedLogs)
    expect(described.length).toBeGreaterThan(30)
  })
})

describe('records, refused as Apache Kafka 4.3.1 refuses them', () => {
  const hourMs = 3_600_000
  const value = Buffer.from('v')

  async function refusal(broker: BrokerConnection, name: string, records: readonly NewRecord[], version: number) {
    const batch = buildBatch({ records, timestampMs: Date.now() })
    const topicData = [{ name, partitionData: [{ index: 0, records: batch }] }]
    const request = { transactionalId: null, acks: 1, timeoutMs: 10_000, topicData }
    // Apache Kafka tells that a topic was created before its replica leads.
    const partition = await waitFor('a leader', async () => {
      const answer = await broker.send(produce, version, request, timeout)
      const answered = answer.responses[0]?.partitionResponses[0]
      return answered?.errorCode === errorCodes.NOT_LEADER_OR_FOLLOWER ? undefined : answered
    })
    const withoutTimes = (text: string | null | undefined) => text?.replace(/\d{13,}/g, 'TIME')
    return {
      errorCode: partition.errorCode,
      baseOffset: partition.baseOffset,
      logAppendTimeMs: partition.logAppendTimeMs,
      logStartOffset: partition.logStartOffset,
      errorMessage: withoutTimes(partition.errorMessage),
      recordErrors: partition.recordErrors.map(({ batchIndex, batchIndexErrorMessage }) => {
        return { batchIndex, message: withoutTimes(batchIndexErrorMessage) }
      }),
    }
  }

  test.each([7, 8, 9])('without a key on a compacted topic, by Produce %i', async (version) => {
    for (const broker of [ours, apache]) await create(broker, `keyed-${version}`, { 'cleanup.policy': 'compact' })
    const records = [
      { key: Buffer.from('k'), value },
      { key: null, value },
      { key: null, value: null },
    ]
    const answer = await alike((broker) => refusal(broker, `keyed-${version}`, records, version))
    expect(answer.errorCode).toBe(87)
    expect(answer.recordErrors).toHaveLength(version < 8 ? 0 : 2)
  })

  test.each<[string, Record<string, string>, number]>([
    ['from the far future', {}, 2 * hourMs],
    ['from before what the topic allows', { 'message.timestamp.before.max.ms': '1000' }, -hourMs],
    ['from after what the topic allows', { 'message.timestamp.after.max.ms': '1000' }, hourMs / 2],
  ])('%s', async (name, configs, offsetMs) => {
    const topic = name.replaceAll(' ', '-')
    for (const broker of [ours, apache]) await create(broker, topic, configs)
    const nowMs = Date.now()
    const records = [
      { key: null, value, timestampMs: nowMs },
      { key: null, value, timestampMs: nowMs + offsetMs },
    ]
    const answer = await alike((broker) => refusal(broker, topic, records, 9))
    expect(answer.errorCode).toBe(32)
    expect(answer.recordErrors).toMatchObject([{ batchIndex: 1 }])
  })
})

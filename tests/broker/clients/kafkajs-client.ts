import kafkajs, { type Consumer } from 'kafkajs'
import type { ClientUnderTest, Compression, Member, ProduceOptions, ReceivedRecord } from './client-under-test.ts'
import { heartbeatMs, sessionMs } from './member-timing.js'

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel, Partitioners } = kafkajs

const codecs: Partial<Record<Compression, number>> = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }

export async function openKafkajs(bootstrap: string): Promise<ClientUnderTest & { kafka: kafkajs.Kafka }> {
  const kafka = new Kafka({ clientId: 'kafkajs', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  const open: { disconnect(): Promise<void> }[] = [admin]

  async function send(topic: string, messages: kafkajs.Message[], options: ProduceOptions): Promise<void> {
    const { acks = -1, compression = 'none', isIdempotent = false } = options
    const producer = kafka.producer({
      idempotent: isIdempotent,
      createPartitioner: Partitioners.DefaultPartitioner,
      ...(isIdempotent && { maxInFlightRequests: 1 }),
    })
    await producer.connect()
    await producer.send({ topic, messages, acks, compression: codecs[compression] })
    await producer.disconnect()
  }

  return {
    kafka,
    compressions: ['none', 'gzip'],
    produce: (topic, values, options = {}) => {
      const { partition } = options
      return send(
        topic,
        values.map((value) => ({ value, partition })),
        options,
      )
    },
    produceKeyed: (topic, value) => send(topic, [{ key: 'key', value, headers: { header: 'of it' } }], {}),
    join: async (group, topic) => {
      const consumer = kafka.consumer({
        groupId: group,
        sessionTimeout: sessionMs,
        heartbeatInterval: heartbeatMs,
        rebalanceTimeout: 10_000,
        maxWaitTimeInMs: 500,
      })
      open.push(consumer)
      return joinWith(consumer, topic)
    },
    createTopic: async (topic, { partitions = 1, configs = {} } = {}) => {
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
      const isCreated = await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }] })
      if (!isCreated) throw new Error(`Topic ${topic} exists`)
    },
    deleteTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
    listTopics: () => admin.listTopics(),
    countPartitions: async (topic) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      return topics[0]?.partitions.length ?? 0
    },
    growTo: async (topic, count) => {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] })
    },
    describeTopicConfig: async (topic, name) => {
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }
      const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false })
      return resources[0]?.configEntries[0]?.configValue
    },
    alterTopicConfig: async (topic, name, value) => {
      const resource = { type: ConfigResourceTypes.TOPIC, name: topic, configEntries: [{ name, value }] }
      await admin.alterConfigs({ validateOnly: false, resources: [resource] })
    },
    listGroups: async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId),
    describeGroup: async (group) => {
      const { groups } = await admin.describeGroups([group])
      return { state: groups[0]?.state ?? '', members: groups[0]?.members.length ?? 0 }
    },
    deleteGroup: async (group) => {
      await admin.deleteGroups([group])
    },
    committedOffset: async (groupId, topic, partition) => {
      const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
      return Number(answer?.partitions.find((candidate) => candidate.partition === partition)?.offset ?? -1)
    },
    deleteRecordsBefore: async (topic, partition, offset) => {
      // It deletes only from topics whose leaders it happens to know.
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: `${offset}` }] })
    },
    earliestOffset: async (topic, partition) => {
      const offsets = await admin.fetchTopicOffsets(topic)
      return Number(offsets.find((candidate) => candidate.partition === partition)?.low)
    },
    latestOffset: async (topic, partition) => {
      const offsets = await admin.fetchTopicOffsets(topic)
      return Number(offsets.find((candidate) => candidate.partition === partition)?.high)
    },
    offsetAt: async (topic, partition, timestampMs) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, timestampMs)
      return Number(offsets.find((candidate) => candidate.partition === partition)?.offset)
    },
    close: async () => {
      for (const client of open.toReversed()) await client.disconnect()
    },
  }
}

async function joinWith(consumer: Consumer, topic: string): Promise<Member> {
  const received: ReceivedRecord[] = []
  let assigned: readonly number[] = []
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    assigned = (payload.memberAssignment[topic] ?? []).toSorted((a, b) => a - b)
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage: async ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
      received.push({
        partition,
        offset: Number(message.offset),
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? '',
        headers: Object.fromEntries(headers),
      })
    },
  })
  return { received, assigned: () => assigned, leave: () => consumer.disconnect() }
}

import {
  Admin,
  ConfigResourceTypes,
  Consumer,
  IncrementalAlterConfigOperationTypes,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka'
import type { ClientUnderTest, Member, ProduceOptions, ReceivedRecord } from './client-under-test.ts'
import { heartbeatMs, sessionMs } from './member-timing.js'

const latest = -1n
const earliest = -2n

interface NewMessage {
  readonly key?: string
  readonly value: string
  readonly partition?: number
  readonly headers?: Record<string, string>
}

export async function openPlatformatic(bootstrap: string): Promise<ClientUnderTest & { admin: Admin }> {
  const base = { clientId: 'platformatic', bootstrapBrokers: bootstrap.split(','), retries: 10, retryDelay: 50 }
  const admin = new Admin(base)
  const consumers: Consumer<string, string, string, string>[] = []

  async function send(topic: string, messages: readonly NewMessage[], options: ProduceOptions): Promise<void> {
    const { acks = -1, compression = 'none', isIdempotent = false } = options
    const producer = new Producer({ ...base, serializers: stringSerializers, autocreateTopics: true })
    await producer.send({
      messages: messages.map((message) => ({ topic, ...message })),
      acks,
      compression,
      idempotent: isIdempotent,
    })
    await producer.close()
  }

  async function listOffset(topic: string, partition: number, timestamp: bigint): Promise<number> {
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }]
    const [answer] = await admin.listOffsets({ topics })
    return Number(answer?.partitions[0]?.offset)
  }

  return {
    admin,
    compressions: ['none', 'gzip', 'snappy', 'lz4'],
    produce: (topic, values, options = {}) => {
      const { partition } = options
      return send(
        topic,
        values.map((value) => ({ value, ...(partition !== undefined && { partition }) })),
        options,
      )
    },
    produceKeyed: (topic, value) => send(topic, [{ key: 'key', value, headers: { header: 'of it' } }], {}),
    join: async (group, topic) => {
      const consumer = new Consumer({
        ...base,
        groupId: group,
        sessionTimeout: sessionMs,
        heartbeatInterval: heartbeatMs,
        rebalanceTimeout: 10_000,
        maxWaitTime: 500,
        deserializers: stringDeserializers,
      })
      consumers.push(consumer)
      return joinWith(consumer, topic)
    },
    createTopic: async (topic, { partitions = 1, configs = {} } = {}) => {
      const entries = Object.entries(configs).map(([name, value]) => ({ name, value }))
      await admin.createTopics({ topics: [topic], partitions, replicas: -1, configs: entries })
    },
    deleteTopic: (topic) => admin.deleteTopics({ topics: [topic] }),
    listTopics: () => admin.listTopics(),
    countPartitions: async (topic) => {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true, autocreateTopics: false })
      return topics.get(topic)?.partitionsCount ?? 0
    },
    growTo: (topic, count) => admin.createPartitions({ topics: [{ name: topic, count, assignments: null }] }),
    describeTopicConfig: async (topic, name) => {
      const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: [name] }
      const [answer] = await admin.describeConfigs({ resources: [resource] })
      return answer?.configs[0]?.value
    },
    alterTopicConfig: (topic, name, value) => {
      const configs = [{ name, value, configOperation: IncrementalAlterConfigOperationTypes.SET }]
      return admin.incrementalAlterConfigs({
        resources: [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configs }],
      })
    },
    listGroups: async () => [...(await admin.listGroups()).keys()],
    describeGroup: async (group) => {
      const described = (await admin.describeGroups({ groups: [group] })).get(group)
      return { state: capitalized(described?.state ?? ''), members: described?.members.size ?? 0 }
    },
    deleteGroup: (group) => admin.deleteGroups({ groups: [group] }),
    committedOffset: async (group, topic, partition) => {
      const asked = { groupId: group, topics: [{ name: topic, partitionIndexes: [partition] }] }
      const [answer] = await admin.listConsumerGroupOffsets({ groups: [asked] })
      return Number(answer?.topics[0]?.partitions[0]?.committedOffset ?? -1)
    },
    deleteRecordsBefore: async (topic, partition, offset) => {
      await admin.deleteRecords({ topics: [{ name: topic, partitions: [{ partition, offset: BigInt(offset) }] }] })
    },
    earliestOffset: (topic, partition) => listOffset(topic, partition, earliest),
    latestOffset: (topic, partition) => listOffset(topic, partition, latest),
    offsetAt: (topic, partition, timestampMs) => listOffset(topic, partition, BigInt(timestampMs)),
    close: async () => {
      for (const consumer of consumers) await consumer.close(true)
      await admin.close()
    },
  }
}

async function joinWith(consumer: Consumer<string, string, string, string>, topic: string): Promise<Member> {
  const received: ReceivedRecord[] = []
  const stream = await consumer.consume({
    topics: [topic],
    mode: 'committed',
    fallbackMode: 'earliest',
    autocommit: 100,
  })
  stream.on('data', ({ partition, offset, key, value, headers }) => {
    received.push({
      partition,
      offset: Number(offset),
      key: key ?? null,
      value,
      headers: Object.fromEntries([...headers]),
    })
  })
  return {
    received,
    assigned: () => {
      const own = consumer.assignments?.find((assignment) => assignment.topic === topic)
      return (own?.partitions ?? []).toSorted((a, b) => a - b)
    },
    leave: async () => {
      await consumer.close(true)
    },
  }
}

function capitalized(state: string): string {
  return state.charAt(0).toUpperCase() + state.slice(1).toLowerCase()
}

import { describe, expect, it } from 'vitest'
import { createPartitions } from '../../../broker/controller/partition-creation.ts'
import { createTopics } from '../../../broker/controller/topic-creation.ts'
import { deleteTopics } from '../../../broker/controller/topic-deletion.ts'
import { errorName } from '../../../broker/protocol/errors.ts'
import { zeroUuid } from '../../../broker/protocol/schema.ts'
import { ClusterModel, newTopics } from './cluster-model.ts'

const outcome = ({ errorCode, errorMessage }: { errorCode: number; errorMessage?: string | null }) =>
  errorCode === 0 ? 'OK' : `${errorName(errorCode)}: ${errorMessage}`

const assign = (...replicas: number[][]) => replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
const config = (name: string, value: string | null) => [{ name, value }]

describe('creating a topic', () => {
  // What Apache Kafka 4.3.1 answers, word for word.
  it.each([
    [{ name: 'taken' }, "TOPIC_ALREADY_EXISTS: Topic 'taken' already exists."],
    [{ name: 'a_b' }, "INVALID_TOPIC_EXCEPTION: Topic 'a_b' collides with existing topic: a.b"],
    [{ name: '.' }, "INVALID_TOPIC_EXCEPTION: Topic name is invalid: '.' is not allowed"],
    [
      { name: 'a b' },
      "INVALID_TOPIC_EXCEPTION: Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    [{ name: '__cluster_metadata' }, 'INVALID_REQUEST: Creation of internal topic __cluster_metadata is prohibited.'],
    [
      { name: 'x', replicationFactor: 4 },
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers have all their log directories cordoned.',
    ],
    [
      { name: 'x', replicationFactor: 0 },
      'INVALID_REPLICATION_FACTOR: Replication factor must be larger than 0, or -1 to use the default value.',
    ],
    [
      { name: 'x', numPartitions: 0 },
      'INVALID_PARTITIONS: Number of partitions was set to an invalid non-positive value.',
    ],
    [{ name: 'x', numPartitions: 10_001 }, 'POLICY_VIOLATION: Excessively large number of partitions per request.'],
    [
      { name: 'x', configs: config('retention.ms', 'abc') },
      'INVALID_CONFIG: Invalid value abc for configuration retention.ms: Not a number of type LONG',
    ],
    [{ name: 'x', configs: config('nope', '1') }, 'INVALID_CONFIG: Unknown topic config name: nope'],
    [
      { name: 'x', configs: config('retention.ms', null) },
      'INVALID_CONFIG: Null value not supported for topic configs: retention.ms',
    ],
    [
      { name: 'x', assignments: assign([9]) },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      { name: 'x', assignments: assign([1, 1]) },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      { name: 'x', assignments: assign([]) },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.',
    ],
    [
      { name: 'x', assignments: assign([1, 2], [1]) },
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s).',
    ],
    [
      { name: 'x', assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT: partitions should be a consecutive 0-based integer sequence',
    ],
    [
      { name: 'x', assignments: assign([1]), numPartitions: 1 },
      'INVALID_REQUEST: A manual partition assignment was specified, but numPartitions was not set to -1.',
    ],
    [
      { name: 'x', assignments: assign([1]), replicationFactor: 1 },
      'INVALID_REQUEST: A manual partition assignment was specified, but replication factor was not set to -1.',
    ],
    [{ name: 'x', configs: config('min.insync.replicas', '5') }, 'OK'],
    [{ name: 'x', configs: config('internal.segment.bytes', '1000') }, 'OK'],
  ])('%j: %s', (topic, expected) => {
    const cluster = new ClusterModel().start(1, 2, 3)
    cluster.create({ name: 'taken' }, { name: 'a.b' })
    const [result] = cluster.create(topic)
    expect(result && outcome(result)).toBe(expected)
    expect(cluster.state.image.topics.has('x')).toBe(expected === 'OK')
  })

  it('gives partitions and replicas the cluster’s defaults, and tells all configs', () => {
    const cluster = new ClusterModel({ 'num.partitions': '4', 'default.replication.factor': '3' }).start(1, 2, 3)
    const [result] = cluster.create({ name: 't', configs: config('retention.ms', '5') })
    expect(result).toMatchObject({ numPartitions: 4, replicationFactor: 3, topicId: cluster.topicId('t') })
    expect(result?.configs).toHaveLength(33)
    expect(result?.configs?.find(({ name }) => name === 'retention.ms')).toMatchObject({ value: '5', configSource: 1 })
    expect(result?.configs?.find(({ name }) => name === 'min.insync.replicas')).toMatchObject({
      value: '2',
      configSource: 4,
    })
  })

  it('refuses a name that is in the request twice, once', () => {
    const results = new ClusterModel().start(1).create({ name: 'x' }, { name: 'x' }, { name: 'y' })
    expect(results.map((result) => `${result.name} ${outcome(result)}`)).toEqual([
      'x INVALID_REQUEST: Duplicate topic name.',
      'y OK',
    ])
  })

  it('only checks when asked to validate', () => {
    const cluster = new ClusterModel().start(1)
    const { records, response } = createTopics(cluster.state, newTopics([{ name: 'x', numPartitions: 3 }], true))
    expect(records).toEqual([])
    expect(response.topics).toMatchObject([{ errorCode: 0, numPartitions: 3, replicationFactor: 1 }])
  })

  it('spreads leaders and replicas evenly', () => {
    const cluster = new ClusterModel({}, () => 0.4).start(1, 2, 3, 4)
    cluster.create({ name: 't', numPartitions: 24, replicationFactor: 3 })
    const partitions = cluster.state.image.topics.get('t')?.partitions ?? []
    const count = (of: (replicas: readonly number[]) => readonly number[]) =>
      [1, 2, 3, 4].map((id) => partitions.filter(({ replicas }) => of(replicas).includes(id)).length)
    expect(count((replicas) => replicas.slice(0, 1))).toEqual([6, 6, 6, 6])
    expect(count((replicas) => replicas)).toEqual([18, 18, 18, 18])
    expect(partitions.every(({ replicas, leader }) => new Set(replicas).size === 3 && leader === replicas[0])).toBe(
      true,
    )
  })

  it('puts the replicas of a partition on different racks where it can', () => {
    const cluster = new ClusterModel()
    for (const [id, rack] of [
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
      [4, 'b'],
    ] as const) {
      cluster.register(id, { rack })
      cluster.unfence(id)
    }
    cluster.create({ name: 't', numPartitions: 12, replicationFactor: 2 })
    for (const { replicas } of cluster.state.image.topics.get('t')?.partitions ?? []) {
      expect(new Set(replicas.map((id) => (id <= 2 ? 'a' : 'b'))).size).toBe(2)
    }
  })

  it('rather puts two replicas on one rack than one on a fenced broker', () => {
    const cluster = new ClusterModel()
    for (const [id, rack] of [
      [1, 'a'],
      [2, 'a'],
      [3, 'b'],
    ] as const) {
      cluster.register(id, { rack })
      if (id !== 3) cluster.unfence(id)
    }
    cluster.create({ name: 't', replicationFactor: 2 })
    expect([...cluster.partition('t').isr].sort()).toEqual([1, 2])
  })

  it('places replicas on fenced brokers last, out of sync', () => {
    const cluster = new ClusterModel().start(1, 2, 3)
    cluster.fence(2)
    cluster.create({ name: 't', replicationFactor: 3 })
    expect(cluster.partition('t').replicas.at(-1)).toBe(2)
    expect([...cluster.partition('t').isr].sort()).toEqual([1, 3])
  })

  it('needs an active broker', () => {
    const cluster = new ClusterModel().start(1)
    cluster.fence(1)
    const [result] = cluster.create({ name: 't' })
    expect(result && outcome(result)).toBe(
      'INVALID_REPLICATION_FACTOR: Unable to replicate the partition 1 time(s): All brokers are currently fenced, or have all their log directories cordoned.',
    )
  })
})

describe('adding partitions', () => {
  it.each([
    [{ name: 't', count: 2, assignments: null }, 'INVALID_PARTITIONS: Topic already has 2 partition(s).'],
    [
      { name: 't', count: 1, assignments: null },
      'INVALID_PARTITIONS: The topic t currently has 2 partition(s); 1 would not be an increase.',
    ],
    [
      { name: 'zz', count: 3, assignments: null },
      'UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.',
    ],
    [
      { name: 't', count: 4, assignments: [{ brokerIds: [1] }] },
      'INVALID_REPLICA_ASSIGNMENT: Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.',
    ],
    [
      { name: 't', count: 2_147_483_647, assignments: null },
      'POLICY_VIOLATION: Excessively large number of partitions per request.',
    ],
    [{ name: 't', count: 3, assignments: [{ brokerIds: [2] }] }, 'OK'],
    [{ name: 't', count: 5, assignments: null }, 'OK'],
  ])('%j: %s', (topic, expected) => {
    const cluster = new ClusterModel().start(1, 2, 3)
    cluster.create({ name: 't', numPartitions: 2 })
    const request = { topics: [topic], timeoutMs: 0, validateOnly: false }
    const { results } = cluster.apply(createPartitions(cluster.state, request))
    expect(results.map(outcome)).toEqual([expected])
    expect(cluster.state.image.topics.get('t')?.partitions).toHaveLength(expected === 'OK' ? topic.count : 2)
  })
})

describe('deleting topics', () => {
  it('takes a name or an id, and the configs with the topic', () => {
    const cluster = new ClusterModel().start(1)
    cluster.create({ name: 'a', configs: config('retention.ms', '5') }, { name: 'b' })
    const topics = [
      { name: 'a', topicId: zeroUuid },
      { name: null, topicId: cluster.topicId('b') },
    ]
    const { responses } = cluster.apply(deleteTopics(cluster.state, { topics, topicNames: [], timeoutMs: 0 }, 6))
    expect(responses.map((response) => `${response.name} ${outcome(response)}`)).toEqual(['a OK', 'b OK'])
    expect([cluster.state.image.topics.size, cluster.state.image.configs.size]).toEqual([0, 0])
  })

  it.each([
    [{ name: 'zz', topicId: zeroUuid }, 'UNKNOWN_TOPIC_OR_PARTITION: This server does not host this topic-partition.'],
    [{ name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAw' }, 'UNKNOWN_TOPIC_ID: This server does not host this topic ID.'],
    [{ name: null, topicId: zeroUuid }, 'INVALID_REQUEST: Neither topic name nor id were specified.'],
    [
      { name: 'a', topicId: 'AAAAAAAAAAAAAAAAAAAAAw' },
      'INVALID_REQUEST: You may not specify both topic name and topic id.',
    ],
  ])('%j: %s', (topic, expected) => {
    const { state } = new ClusterModel().start(1)
    const { records, response } = deleteTopics(state, { topics: [topic], topicNames: [], timeoutMs: 0 }, 6)
    expect([records, response.responses.map(outcome)]).toEqual([[], [expected]])
  })

  it('is refused where it is turned off', () => {
    const { state } = new ClusterModel({ 'delete.topic.enable': 'false' }).start(1)
    const request = { topics: [], topicNames: ['a'], timeoutMs: 0 }
    expect(deleteTopics(state, request, 5).response.responses.map(outcome)).toEqual([
      'TOPIC_DELETION_DISABLED: Topic deletion is disabled.',
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { alterPartition } from '../../../broker/controller/alter-partition.ts'
import { listPartitionReassignments } from '../../../broker/controller/partition-reassignments.ts'
import { alterPartitionReassignments } from '../../../broker/controller/reassignment-alteration.ts'
import { errorName } from '../../../broker/protocol/errors.ts'
import { ClusterModel, summary } from './cluster-model.ts'

function clusterWithTopic(configs: Record<string, string> = {}): ClusterModel {
  const cluster = new ClusterModel().start(1, 2, 3, 4, 5)
  cluster.createPartition('t', [1, 2, 3], configs)
  return cluster
}

/** `NONE`, or the error and its sentence. */
function reassign(
  cluster: ClusterModel,
  replicas: number[] | null,
  options: { topic?: string; partitionIndex?: number; allowReplicationFactorChange?: boolean } = {},
): string {
  const { topic: name = 't', partitionIndex = 0, allowReplicationFactorChange = true } = options
  const topics = [{ name, partitions: [{ partitionIndex, replicas }] }]
  const { responses } = cluster.apply(
    alterPartitionReassignments(cluster.state, { timeoutMs: 1_000, allowReplicationFactorChange, topics }),
  )
  const answer = responses[0]?.partitions[0]
  return answer?.errorMessage == null
    ? errorName(answer?.errorCode ?? -1)
    : `${errorName(answer.errorCode)}: ${answer.errorMessage}`
}

/** As the leader would; answers the error's name. */
function proposeIsr(cluster: ClusterModel, isr: number[]): string {
  const { leader, leaderEpoch, partitionEpoch } = cluster.partition('t')
  const newIsrWithEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: cluster.epochOf(brokerId) }))
  const partition = { partitionIndex: 0, leaderEpoch, partitionEpoch, newIsr: [], newIsrWithEpochs }
  const topics = [{ topicId: cluster.topicId('t'), partitions: [{ ...partition, leaderRecoveryState: 0 }] }]
  const request = { brokerId: leader, brokerEpoch: cluster.epochOf(leader), topics }
  const answer = cluster.apply(alterPartition(cluster.state, request)).topics[0]?.partitions[0]
  return errorName(answer?.errorCode ?? -1)
}

function move(cluster: ClusterModel): string {
  const { replicas, addingReplicas, removingReplicas } = cluster.partition('t')
  return `${replicas.join(' ')} +${addingReplicas.join(' ')} -${removingReplicas.join(' ')}`
}

describe('moving a partition', () => {
  it('has the old and the new replicas until all that stay are in sync', () => {
    const cluster = clusterWithTopic()
    expect(reassign(cluster, [1, 2, 4])).toBe('NONE')
    expect(move(cluster)).toBe('1 2 4 3 +4 -3')
    const { leaderEpoch } = cluster.partition('t')
    const [listed] = listPartitionReassignments(cluster.state.image, { timeoutMs: 0, topics: null }).topics
    expect(listed?.partitions).toEqual([
      { partitionIndex: 0, replicas: [1, 2, 4, 3], addingReplicas: [4], removingReplicas: [3] },
    ])
    expect(proposeIsr(cluster, [1, 3, 4])).toBe('NONE')
    expect(move(cluster)).toBe('1 2 4 3 +4 -3')
    expect(proposeIsr(cluster, [1, 3, 4, 2])).toBe('NONE')
    expect(move(cluster)).toBe('1 2 4 + -')
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1 4 2')
    expect(cluster.partition('t').leaderEpoch).toBe(leaderEpoch + 1)
    expect(listPartitionReassignments(cluster.state.image, { timeoutMs: 0, topics: null }).topics).toEqual([])
  })

  it('elects a new leader when the old one is taken away, and tells it so', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [4, 5, 2])
    expect(proposeIsr(cluster, [1, 2, 3, 4, 5])).toBe('NEW_LEADER_ELECTED')
    expect(move(cluster)).toBe('4 5 2 + -')
    expect(summary(cluster.partition('t'))).toBe('leader 4, isr 2 4 5')
  })

  it('ends at once when only the order changes or replicas leave', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [3, 2, 1])
    expect(move(cluster)).toBe('3 2 1 + -')
    expect(cluster.partition('t').leader).toBe(1)
    reassign(cluster, [3, 2])
    expect(move(cluster)).toBe('3 2 + -')
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 2 3')
  })

  it('can be replaced by another move', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [1, 2, 4])
    expect(reassign(cluster, [1, 2, 5])).toBe('NONE')
    expect(move(cluster)).toBe('1 2 5 3 4 +5 -3 4')
    expect(reassign(cluster, [1, 2, 3])).toBe('NONE')
    expect(move(cluster)).toBe('1 2 3 + -')
  })

  it('keeps a replica that a replacing move wants again', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [1, 2, 4])
    reassign(cluster, [1, 2, 3, 4])
    proposeIsr(cluster, [1, 2, 3, 4])
    expect(move(cluster)).toBe('1 2 3 4 + -')
  })

  it('survives the death of the leader on the way', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [4, 5])
    cluster.fence(1)
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2 3')
    expect(proposeIsr(cluster, [2, 3, 4, 5])).toBe('NEW_LEADER_ELECTED')
    expect(summary(cluster.partition('t'))).toBe('leader 4, isr 4 5')
  })
})

describe('cancelling a move', () => {
  it('restores the replicas that were there before', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [4, 5])
    proposeIsr(cluster, [1, 2, 3, 4])
    expect(reassign(cluster, null)).toBe('NONE')
    expect(move(cluster)).toBe('1 2 3 + -')
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1 2 3')
  })

  it('is refused when nothing moves', () => {
    expect(reassign(clusterWithTopic(), null)).toBe(
      'NO_REASSIGNMENT_IN_PROGRESS: No partition reassignment is in progress.',
    )
  })

  it('does not fall back on replicas that are not in sync, unless the topic allows that', () => {
    const cluster = clusterWithTopic()
    reassign(cluster, [4, 5])
    proposeIsr(cluster, [1, 4])
    cluster.fence(1)
    expect(summary(cluster.partition('t'))).toBe('leader 4, isr 4, eligible 1')
    expect(reassign(cluster, null)).toMatch(
      /^INVALID_REPLICA_ASSIGNMENT: Unable to revert partition assignment for t:0/,
    )

    const careless = clusterWithTopic({ 'unclean.leader.election.enable': 'true' })
    reassign(careless, [4, 5])
    proposeIsr(careless, [1, 4])
    careless.fence(1)
    expect(reassign(careless, null)).toBe('NONE')
    expect(move(careless)).toBe('1 2 3 + -')
    expect(careless.partition('t').leader).toBe(2)
  })
})

describe('a move is refused', () => {
  it.each([
    ['an unknown topic', [1], { topic: 'x' }, 'UNKNOWN_TOPIC_OR_PARTITION: Unable to find a topic named x.'],
    ['an unknown partition', [1], { partitionIndex: 7 }, 'UNKNOWN_TOPIC_OR_PARTITION: Unable to find partition t:7.'],
    [
      'a broker that does not exist',
      [1, 9],
      {},
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      'a broker named twice',
      [1, 1],
      {},
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      'no replicas',
      [],
      {},
      'INVALID_REPLICA_ASSIGNMENT: The manual partition assignment includes an empty replica list.',
    ],
    [
      'another replication factor where that is not allowed',
      [1, 2],
      { allowReplicationFactorChange: false },
      'INVALID_REPLICATION_FACTOR: The replication factor is changed from 3 to 2',
    ],
  ])('to %s', (_what, replicas, options, refusal) => {
    const cluster = clusterWithTopic()
    expect(reassign(cluster, replicas, options)).toBe(refusal)
    expect(move(cluster)).toBe('1 2 3 + -')
  })
})

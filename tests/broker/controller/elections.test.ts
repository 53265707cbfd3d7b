import { describe, expect, it } from 'vitest'
import { alterPartition } from '../../../broker/controller/alter-partition.ts'
import { electLeaders, rebalanceLeaders } from '../../../broker/controller/leader-election.ts'
import { errorName } from '../../../broker/protocol/errors.ts'
import { ClusterModel, summary } from './cluster-model.ts'

const [preferred, unclean] = [0, 1]

function clusterWithTopic(): ClusterModel {
  const cluster = new ClusterModel().start(1, 2, 3)
  cluster.createPartition('t', [1, 2, 3])
  return cluster
}

/** As the leader of t-0 would after the follower has caught up. */
function proposeIsr(cluster: ClusterModel, isr: number[], change: Record<string, unknown> = {}) {
  const { leader, leaderEpoch, partitionEpoch } = cluster.partition('t')
  const partition = {
    partitionIndex: 0,
    leaderEpoch,
    partitionEpoch,
    newIsr: [],
    newIsrWithEpochs: isr.map((brokerId) => ({ brokerId, brokerEpoch: cluster.epochOf(brokerId) })),
    leaderRecoveryState: 0,
    ...change,
  }
  const topics = [{ topicId: cluster.topicId('t'), partitions: [partition] }]
  const request = { brokerId: leader, brokerEpoch: cluster.epochOf(leader), topics }
  const [topic] = cluster.apply(alterPartition(cluster.state, request)).topics
  const [answer] = topic?.partitions ?? []
  return answer
}

describe('an election that was asked for', () => {
  const elect = (
    cluster: ClusterModel,
    electionType: number,
    topicPartitions: { topic: string; partitions: number[] }[] | null,
  ) =>
    cluster
      .apply(electLeaders(cluster.state, { electionType, topicPartitions, timeoutMs: 0 }))
      .replicaElectionResults.flatMap(({ topic, partitionResult }) =>
        partitionResult.map(({ partitionId, errorCode }) => `${topic}-${partitionId} ${errorName(errorCode)}`),
      )

  it('moves a leadership back to the preferred replica', () => {
    const cluster = clusterWithTopic()
    cluster.fence(1)
    cluster.unfence(1)
    expect(elect(cluster, preferred, null)).toEqual(['t-0 PREFERRED_LEADER_NOT_AVAILABLE'])
    proposeIsr(cluster, [1, 2, 3])
    expect(elect(cluster, preferred, null)).toEqual(['t-0 NONE'])
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1 2 3')
    expect(elect(cluster, preferred, null)).toEqual([])
    expect(elect(cluster, preferred, [{ topic: 't', partitions: [0, 7] }])).toEqual([
      't-0 ELECTION_NOT_NEEDED',
      't-7 UNKNOWN_TOPIC_OR_PARTITION',
    ])
  })

  it('takes a replica that is not in sync when it may be unclean', () => {
    const cluster = clusterWithTopic()
    for (const brokerId of [1, 2, 3]) cluster.fence(brokerId)
    expect(elect(cluster, unclean, null)).toEqual(['t-0 ELIGIBLE_LEADERS_NOT_AVAILABLE'])
    cluster.unfence(1)
    expect(elect(cluster, unclean, null)).toEqual(['t-0 NONE'])
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1')
  })
})

describe('rebalancing', () => {
  it('moves leaderships back once the preferred replica is in sync', () => {
    const cluster = clusterWithTopic()
    cluster.fence(1)
    cluster.unfence(1)
    expect(rebalanceLeaders(cluster.state)).toEqual([])
    proposeIsr(cluster, [2, 3, 1])
    cluster.write(rebalanceLeaders(cluster.state))
    expect(cluster.partition('t').leader).toBe(1)
  })
})

describe('a leader’s proposal of in-sync replicas', () => {
  it('is accepted in the next partition epoch', () => {
    const cluster = clusterWithTopic()
    expect(proposeIsr(cluster, [1, 3])).toMatchObject({ errorCode: 0, isr: [1, 3], partitionEpoch: 1, leaderEpoch: 0 })
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1 3')
    expect(proposeIsr(cluster, [1])).toMatchObject({ errorCode: 0, isr: [1] })
    expect(summary(cluster.partition('t'))).toBe('leader 1, isr 1, eligible 3')
    expect(proposeIsr(cluster, [1])).toMatchObject({ errorCode: 0, partitionEpoch: 2 })
  })

  it.each([
    ['of a later leader epoch', [1], { leaderEpoch: 5 }, 'NOT_CONTROLLER'],
    ['of a later partition epoch', [1], { partitionEpoch: 5 }, 'NOT_CONTROLLER'],
    ['of an earlier leader epoch', [1], { leaderEpoch: -1 }, 'FENCED_LEADER_EPOCH'],
    ['of an earlier partition epoch', [1], { partitionEpoch: -1 }, 'INVALID_UPDATE_VERSION'],
    ['with a broker that is no replica', [1, 4], {}, 'INVALID_REQUEST'],
    ['without the leader', [2, 3], {}, 'INVALID_REQUEST'],
    ['with a replica twice', [1, 2, 2], {}, 'INVALID_REQUEST'],
    ['that starts a recovery', [1], { leaderRecoveryState: 1 }, 'INVALID_REQUEST'],
    [
      'that names an earlier process of a replica',
      [],
      { newIsrWithEpochs: [{ brokerId: 1, brokerEpoch: 99 }] },
      'INELIGIBLE_REPLICA',
    ],
    ['for an unknown partition', [1], { partitionIndex: 9 }, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ])('%s is refused', (_, isr, change, expected) => {
    expect(errorName(proposeIsr(clusterWithTopic(), isr, change)?.errorCode ?? 0)).toBe(expected)
  })

  it('with a fenced broker is refused', () => {
    const cluster = clusterWithTopic()
    cluster.fence(3)
    expect(errorName(proposeIsr(cluster, [1, 2, 3])?.errorCode ?? 0)).toBe('INELIGIBLE_REPLICA')
  })
})

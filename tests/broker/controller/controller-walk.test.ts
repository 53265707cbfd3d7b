import { expect, it } from 'vitest'
import { alterPartition } from '../../../broker/controller/alter-partition.ts'
import { startControlledShutdown } from '../../../broker/controller/broker-leadership.ts'
import { incrementalAlterConfigs } from '../../../broker/controller/config-alteration.ts'
import { electLeaders, rebalanceLeaders } from '../../../broker/controller/leader-election.ts'
import { createPartitions } from '../../../broker/controller/partition-creation.ts'
import { alterPartitionReassignments } from '../../../broker/controller/reassignment-alteration.ts'
import { deleteTopics } from '../../../broker/controller/topic-deletion.ts'
import { MetadataImage } from '../../../broker/metadata/image.ts'
import { recordsOfImage, recordsOfTopic } from '../../../broker/metadata/image-records.ts'
import { MetadataDelta } from '../../../broker/metadata/metadata-delta.ts'
import { decodeMetadataRecord, encodeMetadataRecord } from '../../../broker/metadata/records.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { ClusterModel, clusterId, summary } from './cluster-model.ts'

/*
 * Whatever happens to brokers and topics, after every step:
 * - a leader is an in-sync replica on an active broker; no leader epoch ever has two leaders;
 * - leader and partition epochs never go back, and nothing changes without a new partition epoch;
 * - in-sync and eligible replicas are replicas, each once, and no replica is both; only active brokers are in sync;
 * - a partition with an active in-sync replica has a leader;
 * - the image that a replay of the log gives is the live one.
 */

const brokerIds = [1, 2, 3, 4]
const stepsPerWalk = 250

it.each([1, 2, 3, 4, 5, 6, 7, 8])('holds its invariants on random walk %i', (seed) => {
  const random = seededRandom(seed)
  const pick = <T>(values: readonly T[]): T | undefined => values[Math.floor(random() * values.length)]
  const cluster = new ClusterModel({}, random).start(...brokerIds)
  const leaders = new Map<string, number>()
  const epochs = new Map<string, { leaderEpoch: number; partitionEpoch: number; shown: string }>()

  for (let step = 0; step < stepsPerWalk; step++) {
    const brokerId = pick(brokerIds) ?? 1
    const topic = pick([...cluster.state.image.topics.keys()])
    act(cluster, pick(actions) ?? 'fence', brokerId, topic, random)
    check(cluster, leaders, epochs, `seed ${seed}, step ${step}`)
  }
  const { others, topics } = recordsOfImage(cluster.state.image)
  const snapshot = [...others, ...topics.flatMap(recordsOfTopic)].map(encodeMetadataRecord)
  expect(imageOf(replay(snapshot))).toEqual(imageOf(cluster.state.image))
  expect(imageOf(replay(cluster.log))).toEqual(imageOf(cluster.state.image))
})

const actions = [
  'fence',
  'fence',
  'unfence',
  'unfence',
  'unfence',
  'restartClean',
  'restartUnclean',
  'shutDown',
  'create',
  'addPartitions',
  'delete',
  'alterIsr',
  'alterIsr',
  'alterIsr',
  'elect',
  'reassign',
  'reassign',
  'cancelReassignment',
  'rebalance',
  'minIsr',
] as const

function act(
  cluster: ClusterModel,
  action: (typeof actions)[number],
  brokerId: number,
  topic: string | undefined,
  random: () => number,
): void {
  const { state } = cluster
  const broker = state.image.brokers.get(brokerId)
  switch (action) {
    case 'fence':
      if (broker?.isFenced === false) cluster.fence(brokerId)
      return
    case 'unfence':
      if (broker?.isFenced) cluster.unfence(brokerId)
      return
    case 'restartClean':
      cluster.register(brokerId, { previousBrokerEpoch: cluster.epochOf(brokerId) })
      return
    case 'restartUnclean':
      cluster.register(brokerId)
      return
    case 'shutDown':
      if (broker !== undefined && !broker.isFenced && !broker.isShuttingDown) {
        cluster.write(startControlledShutdown(state, brokerId))
      }
      return
    case 'create': {
      const name = `t${Math.floor(random() * 6)}`
      cluster.create({
        name,
        numPartitions: 1 + Math.floor(random() * 3),
        replicationFactor: 1 + Math.floor(random() * 4),
      })
      return
    }
    case 'addPartitions': {
      if (topic === undefined) return
      const count = (state.image.topics.get(topic)?.partitions.length ?? 0) + 1
      const request = { topics: [{ name: topic, count, assignments: null }], timeoutMs: 0, validateOnly: false }
      if (count <= 6) cluster.apply(createPartitions(state, request))
      return
    }
    case 'delete':
      if (topic !== undefined && random() < 0.3) {
        cluster.apply(deleteTopics(state, { topics: [], topicNames: [topic], timeoutMs: 0 }, 5))
      }
      return
    case 'alterIsr':
      if (topic !== undefined) proposeIsr(cluster, topic, random)
      return
    case 'elect': {
      const topicPartitions = random() < 0.5 || topic === undefined ? null : [{ topic, partitions: [0, 1] }]
      cluster.apply(electLeaders(state, { electionType: 0, topicPartitions, timeoutMs: 0 }))
      return
    }
    case 'reassign':
    case 'cancelReassignment': {
      if (topic === undefined) return
      const shuffled = [...brokerIds].sort(() => random() - 0.5)
      const replicas = action === 'reassign' ? shuffled.slice(0, 1 + Math.floor(random() * 3)) : null
      const topics = [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }]
      const request = { timeoutMs: 0, allowReplicationFactorChange: true, topics }
      cluster.apply(alterPartitionReassignments(state, request))
      return
    }
    case 'rebalance':
      cluster.write(rebalanceLeaders(state))
      return
    case 'minIsr': {
      if (topic === undefined) return
      const configs = [{ name: 'min.insync.replicas', configOperation: 0, value: String(1 + Math.floor(random() * 3)) }]
      const resources = [{ resourceType: 2, resourceName: topic, configs }]
      cluster.apply(incrementalAlterConfigs(state, { resources, validateOnly: false }))
    }
  }
}

/** As the leader would: itself and some of the other replicas, which the controller may find not to be eligible. */
function proposeIsr(cluster: ClusterModel, topic: string, random: () => number): void {
  const partition = cluster.partition(topic)
  if (partition.leader === -1) return
  const isr = partition.replicas.filter((replica) => replica === partition.leader || random() < 0.6)
  const isRecovering = partition.leaderRecoveryState === 1 && isr.length === 1 && random() < 0.5
  cluster.apply(
    alterPartition(cluster.state, {
      brokerId: partition.leader,
      brokerEpoch: cluster.epochOf(partition.leader),
      topics: [
        {
          topicId: cluster.topicId(topic),
          partitions: [
            {
              partitionIndex: 0,
              leaderEpoch: partition.leaderEpoch,
              partitionEpoch: partition.partitionEpoch,
              newIsr: [],
              newIsrWithEpochs: isr.map((id) => ({ brokerId: id, brokerEpoch: cluster.epochOf(id) })),
              leaderRecoveryState: isRecovering ? 1 : 0,
            },
          ],
        },
      ],
    }),
  )
}

function check(
  cluster: ClusterModel,
  leaders: Map<string, number>,
  epochs: Map<string, { leaderEpoch: number; partitionEpoch: number; shown: string }>,
  where: string,
): void {
  const { brokers, topics } = cluster.state.image
  const isActive = (id: number) => brokers.get(id)?.isFenced === false && brokers.get(id)?.isShuttingDown === false
  for (const topic of topics.values()) {
    for (const [index, partition] of topic.partitions.entries()) {
      const { replicas, isr, eligibleLeaderReplicas, leader, leaderEpoch, partitionEpoch } = partition
      const key = `${topic.id}-${index}`
      const context = `${where}: ${topic.name}-${index} ${summary(partition)}`
      const both = [...isr, ...eligibleLeaderReplicas]
      expect(new Set(both).size, context).toBe(both.length)
      expect(
        both.every((id) => replicas.includes(id)),
        context,
      ).toBe(true)
      expect(isr.every(isActive), context).toBe(true)
      if (leader === -1) expect(isr, context).toEqual([])
      else {
        expect(isr.includes(leader), context).toBe(true)
        const epochKey = `${key}@${leaderEpoch}`
        expect(leaders.get(epochKey) ?? leader, context).toBe(leader)
        leaders.set(epochKey, leader)
      }
      const shown = summary(partition)
      const before = epochs.get(key)
      if (before !== undefined) {
        expect(leaderEpoch, context).toBeGreaterThanOrEqual(before.leaderEpoch)
        expect(partitionEpoch, context).toBeGreaterThanOrEqual(before.partitionEpoch)
        if (shown !== before.shown) expect(partitionEpoch, context).toBeGreaterThan(before.partitionEpoch)
      }
      epochs.set(key, { leaderEpoch, partitionEpoch, shown })
    }
  }
}

function replay(log: readonly Buffer[]): MetadataImage {
  const image = new MetadataImage(clusterId)
  for (const value of log) image.apply(decodeMetadataRecord(value), new MetadataDelta())
  return image
}

function imageOf({ brokers, topics, topicsById, configs, features, nextProducerId }: MetadataImage) {
  return { brokers, topics, topicsById, configs, features, nextProducerId }
}

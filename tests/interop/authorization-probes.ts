import type { BrokerConnection } from '../../broker/network/connection.ts'
import { fetch } from '../../broker/protocol/messages/01-fetch.ts'
import { listOffsets } from '../../broker/protocol/messages/02-list-offsets.ts'
import { metadata } from '../../broker/protocol/messages/03-metadata.ts'
import { offsetCommit } from '../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../broker/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../broker/protocol/messages/10-find-coordinator.ts'
import { joinGroup } from '../../broker/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../broker/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../broker/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../broker/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../broker/protocol/messages/15-describe-groups.ts'
import { createTopics } from '../../broker/protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../broker/protocol/messages/20-delete-topics.ts'
import { deleteRecords } from '../../broker/protocol/messages/21-delete-records.ts'
import { initProducerId } from '../../broker/protocol/messages/22-init-producer-id.ts'
import { offsetForLeaderEpoch } from '../../broker/protocol/messages/23-offset-for-leader-epoch.ts'
import { addPartitionsToTxn } from '../../broker/protocol/messages/24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from '../../broker/protocol/messages/25-add-offsets-to-txn.ts'
import { endTxn } from '../../broker/protocol/messages/26-end-txn.ts'
import { writeTxnMarkers } from '../../broker/protocol/messages/27-write-txn-markers.ts'
import { txnOffsetCommit } from '../../broker/protocol/messages/28-txn-offset-commit.ts'
import { describeAcls } from '../../broker/protocol/messages/29-describe-acls.ts'
import { createAcls } from '../../broker/protocol/messages/30-create-acls.ts'
import { deleteAcls } from '../../broker/protocol/messages/31-delete-acls.ts'
import { describeConfigs } from '../../broker/protocol/messages/32-describe-configs.ts'
import { alterConfigs } from '../../broker/protocol/messages/33-alter-configs.ts'
import { describeLogDirs } from '../../broker/protocol/messages/35-describe-log-dirs.ts'
import { createPartitions } from '../../broker/protocol/messages/37-create-partitions.ts'
import { deleteGroups } from '../../broker/protocol/messages/42-delete-groups.ts'
import { electLeaders } from '../../broker/protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs } from '../../broker/protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from '../../broker/protocol/messages/45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from '../../broker/protocol/messages/46-list-partition-reassignments.ts'
import { offsetDelete } from '../../broker/protocol/messages/47-offset-delete.ts'
import { describeClientQuotas } from '../../broker/protocol/messages/48-describe-client-quotas.ts'
import { alterClientQuotas } from '../../broker/protocol/messages/49-alter-client-quotas.ts'
import { describeUserScramCredentials } from '../../broker/protocol/messages/50-describe-user-scram-credentials.ts'
import { alterUserScramCredentials } from '../../broker/protocol/messages/51-alter-user-scram-credentials.ts'
import { describeQuorum } from '../../broker/protocol/messages/55-describe-quorum.ts'
import { updateFeatures } from '../../broker/protocol/messages/57-update-features.ts'
import { describeCluster } from '../../broker/protocol/messages/60-describe-cluster.ts'
import { describeProducers } from '../../broker/protocol/messages/61-describe-producers.ts'
import { unregisterBroker } from '../../broker/protocol/messages/64-unregister-broker.ts'
import { describeTransactions } from '../../broker/protocol/messages/65-describe-transactions.ts'
import { consumerGroupHeartbeat } from '../../broker/protocol/messages/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../../broker/protocol/messages/69-consumer-group-describe.ts'
import { listConfigResources } from '../../broker/protocol/messages/74-list-config-resources.ts'
import { describeTopicPartitions } from '../../broker/protocol/messages/75-describe-topic-partitions.ts'
import type { Api, RequestBodyOf } from '../../broker/protocol/schema.ts'

export interface Probe {
  readonly name: string
  ask(client: BrokerConnection): Promise<unknown>
}

const timeout = { timeoutMs: 10_000 }

/** One request of each kind, harmless where it is allowed. `ids` are those of the topics orders, payments and doomed. */
export function probes(ids: ReadonlyMap<string, string>): Probe[] {
  const topics = ['orders', 'payments', 'nowhere']
  const groups = ['readers', 'writers']
  const idsOf = (...names: string[]) => names.map((name) => ids.get(name) ?? '')
  const tx = { transactionalId: 'tx', producerId: 7, producerEpoch: 0 }
  const other = { transactionalId: 'other', producerId: 7, producerEpoch: 0 }
  const every = { resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1, principalFilter: null }
  const newTopic = (name: string) => ({ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] })
  const upsertion = { name: 'x', mechanism: 1, iterations: 1, salt: Buffer.from('s'), saltedPassword: Buffer.from('p') }
  const topicResources = topics.map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: null }))
  const brokerResource = { resourceType: 4, resourceName: '1' }
  const groupResource = { resourceType: 32, resourceName: 'readers' }
  return [
    ...topics.map((topic) =>
      probe(`fetch ${topic}`, fetch, 12, {
        maxWaitMs: 0,
        minBytes: 0,
        topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
        forgottenTopicsData: [],
      }),
    ),
    probe('fetch by id', fetch, 13, {
      maxWaitMs: 0,
      minBytes: 0,
      topics: idsOf('orders').map((topicId) => {
        return { topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }
      }),
      forgottenTopicsData: [],
    }),
    probe('fetch as follower', fetch, 12, {
      replicaId: 9,
      maxWaitMs: 0,
      minBytes: 0,
      topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1000 }] }],
      forgottenTopicsData: [],
    }),
    probe('listOffsets', listOffsets, 7, {
      replicaId: -1,
      topics: topics.map((name) => ({ name, partitions: [{ partitionIndex: 0, timestamp: -1 }] })),
    }),
    probe('metadata of all', metadata, 10, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: true,
      includeTopicAuthorizedOperations: true,
    }),
    probe('metadata by name', metadata, 12, {
      topics: topics.map((name) => ({ name })),
      allowAutoTopicCreation: false,
    }),
    probe('metadata by id', metadata, 12, {
      topics: idsOf('orders', 'payments').map((topicId) => ({ topicId, name: null })),
      allowAutoTopicCreation: false,
    }),
    {
      name: 'metadata that creates',
      // Ours waits for the topic, Apache Kafka has the client ask again.
      ask: async (client) => {
        const asked = { topics: [{ name: 'new' }, { name: 'other' }] }
        const { topics: answered } = await client.send(metadata, 12, asked, timeout)
        return { topics: answered.map(({ name, errorCode }) => ({ name, errorCode })) }
      },
    },
    ...groups.map((groupId) =>
      probe(`offsetCommit ${groupId}`, offsetCommit, 8, {
        groupId,
        memberId: '',
        topics: topics.map((name) => {
          return { name, partitions: [{ partitionIndex: 0, committedOffset: 0, committedMetadata: null }] }
        }),
      }),
    ),
    probe('offsetFetch', offsetFetch, 8, {
      groups: groups.map((groupId) => ({ groupId, topics: topics.map((name) => ({ name, partitionIndexes: [0] })) })),
    }),
    ...[0, 1, 2].map((keyType) =>
      probe(`findCoordinator ${keyType}`, findCoordinator, 6, {
        keyType,
        coordinatorKeys: keyType === 1 ? ['tx', 'other'] : groups,
      }),
    ),
    ...groups.flatMap((groupId) => [
      probe(`joinGroup ${groupId}`, joinGroup, 9, {
        groupId,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: 'nobody',
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
      }),
      probe(`heartbeat ${groupId}`, heartbeat, 4, { groupId, generationId: 1, memberId: 'nobody' }),
      probe(`leaveGroup ${groupId}`, leaveGroup, 5, { groupId, members: [] }),
      probe(`syncGroup ${groupId}`, syncGroup, 4, { groupId, generationId: 1, memberId: 'nobody', assignments: [] }),
      probe(`consumerGroupHeartbeat ${groupId}`, consumerGroupHeartbeat, 1, {
        groupId,
        memberId: 'nobody',
        memberEpoch: 5,
        subscribedTopicNames: ['orders', 'payments'],
      }),
      probe(`offsetDelete ${groupId}`, offsetDelete, 0, {
        groupId,
        topics: topics.map((name) => ({ name, partitions: [{ partitionIndex: 0 }] })),
      }),
      probe(`addOffsetsToTxn ${groupId}`, addOffsetsToTxn, 3, { ...tx, groupId }),
      probe(`txnOffsetCommit ${groupId}`, txnOffsetCommit, 3, {
        ...tx,
        groupId,
        memberId: '',
        topics: topics.map((name) => {
          return { name, partitions: [{ partitionIndex: 0, committedOffset: 0, committedMetadata: null }] }
        }),
      }),
    ]),
    probe('describeGroups', describeGroups, 5, { groups, includeAuthorizedOperations: true }),
    probe('consumerGroupDescribe', consumerGroupDescribe, 1, { groupIds: groups, includeAuthorizedOperations: true }),
    probe('deleteGroups', deleteGroups, 2, { groupsNames: groups }),
    probe('createTopics', createTopics, 7, { topics: ['newer', 'else'].map(newTopic), validateOnly: true }),
    probe('createPartitions', createPartitions, 3, {
      topics: topics.map((name) => ({ name, count: 2, assignments: null })),
      timeoutMs: 1000,
      validateOnly: true,
    }),
    probe('deleteRecords', deleteRecords, 2, {
      topics: topics.map((name) => ({ name, partitions: [{ partitionIndex: 0, offset: 0 }] })),
      timeoutMs: 1000,
    }),
    probe('initProducerId', initProducerId, 4, { transactionalId: null, transactionTimeoutMs: 0 }),
    ...[tx, other].flatMap((producer) => [
      probe(`initProducerId ${producer.transactionalId}`, initProducerId, 4, {
        ...producer,
        transactionTimeoutMs: 1000,
      }),
      probe(`addPartitionsToTxn ${producer.transactionalId}`, addPartitionsToTxn, 3, {
        transactions: [],
        v3AndBelowTransactionalId: producer.transactionalId,
        v3AndBelowProducerId: 7,
        v3AndBelowProducerEpoch: 0,
        v3AndBelowTopics: ['orders', 'payments'].map((name) => ({ name, partitions: [0] })),
      }),
      probe(`endTxn ${producer.transactionalId}`, endTxn, 3, { ...producer, committed: true }),
    ]),
    probe('addPartitionsToTxn of brokers', addPartitionsToTxn, 4, {
      transactions: [{ ...tx, verifyOnly: true, topics: [{ name: 'orders', partitions: [0] }] }],
    }),
    probe('writeTxnMarkers', writeTxnMarkers, 1, {
      markers: [
        {
          producerId: 7,
          producerEpoch: 0,
          transactionResult: false,
          coordinatorEpoch: 0,
          topics: [{ name: 'nowhere', partitionIndexes: [0] }],
        },
      ],
    }),
    probe('offsetForLeaderEpoch', offsetForLeaderEpoch, 4, {
      topics: topics.map((topic) => ({ topic, partitions: [{ partition: 0, leaderEpoch: 0 }] })),
    }),
    probe('describeProducers', describeProducers, 0, {
      topics: ['orders', 'payments'].map((name) => ({ name, partitionIndexes: [0] })),
    }),
    probe('describeTransactions', describeTransactions, 0, { transactionalIds: ['tx', 'other'] }),
    probe('describeAcls', describeAcls, 3, { ...every, hostFilter: null, operation: 1, permissionType: 1 }),
    probe('createAcls', createAcls, 3, {
      creations: [
        {
          resourceType: 2,
          resourceName: '',
          resourcePatternType: 3,
          principal: 'User:x',
          host: '*',
          operation: 3,
          permissionType: 3,
        },
      ],
    }),
    probe('deleteAcls', deleteAcls, 3, {
      filters: [
        { ...every, resourceNameFilter: 'no such resource', hostFilter: null, operation: 1, permissionType: 1 },
      ],
    }),
    probe('describeConfigs', describeConfigs, 4, {
      resources: [
        ...topicResources,
        { ...brokerResource, configurationKeys: [] },
        { ...groupResource, configurationKeys: [] },
      ],
    }),
    probe('alterConfigs', alterConfigs, 2, {
      resources: topics.map((resourceName) => ({ resourceType: 2, resourceName, configs: [] })),
      validateOnly: true,
    }),
    probe('incrementalAlterConfigs', incrementalAlterConfigs, 1, {
      resources: [
        ...topics.map((resourceName) => ({ resourceType: 2, resourceName })),
        brokerResource,
        groupResource,
      ].map((resource) => ({ ...resource, configs: [] })),
      validateOnly: true,
    }),
    probe('listConfigResources', listConfigResources, 1, { resourceTypes: [16] }),
    probe('describeLogDirs', describeLogDirs, 4, { topics: [{ topic: 'orders', partitions: [] }] }),
    probe('electLeaders', electLeaders, 2, {
      electionType: 0,
      topicPartitions: [{ topic: 'nowhere', partitions: [0] }],
      timeoutMs: 1000,
    }),
    probe('alterPartitionReassignments', alterPartitionReassignments, 0, {
      topics: [{ name: 'nowhere', partitions: [{ partitionIndex: 0, replicas: null }] }],
    }),
    probe('listPartitionReassignments', listPartitionReassignments, 0, { topics: null }),
    probe('describeClientQuotas', describeClientQuotas, 1, { components: [], strict: false }),
    probe('alterClientQuotas', alterClientQuotas, 1, {
      entries: [{ entity: [{ entityType: 'user', entityName: 'x' }], ops: [] }],
      validateOnly: true,
    }),
    probe('describeUserScramCredentials', describeUserScramCredentials, 0, { users: [] }),
    probe('alterUserScramCredentials', alterUserScramCredentials, 0, { deletions: [], upsertions: [upsertion] }),
    probe('describeQuorum', describeQuorum, 2, {
      topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
    }),
    probe('updateFeatures', updateFeatures, 1, { featureUpdates: [], validateOnly: true }),
    probe('describeCluster', describeCluster, 1, { includeClusterAuthorizedOperations: true }),
    probe('unregisterBroker', unregisterBroker, 0, { brokerId: 99 }),
    probe('describeTopicPartitions', describeTopicPartitions, 0, { topics: topics.map((name) => ({ name })) }),
    probe('describeTopicPartitions of all', describeTopicPartitions, 0, { topics: [] }),
    // Last: the topic may be gone then.
    probe('deleteTopics by id', deleteTopics, 6, {
      topics: idsOf('payments').map((topicId) => ({ name: null, topicId })),
      timeoutMs: 1000,
    }),
    probe('deleteTopics by name', deleteTopics, 5, { topicNames: ['doomed', 'nowhere'], timeoutMs: 1000 }),
  ]
}

function probe<A extends Api>(name: string, api: A, version: number, request: RequestBodyOf<A>): Probe {
  return { name, ask: (client) => client.send(api, version, request, timeout) }
}

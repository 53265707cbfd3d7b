import type { GroupCoordinator } from '../../group/coordinator.ts'
import type { LogDirectory } from '../../log/log-directory.ts'
import type { MetadataCache } from '../../metadata/cache.ts'
import type { ControllerChannel } from '../../network/controller-channel.ts'
import type { TopicCreator } from '../../network/topic-creator.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import type { ShareRooms } from '../../share/share-rooms.ts'
import type { TransactionCoordinator } from '../../transaction/coordinator.ts'
import type { Dispatcher } from '../dispatcher.ts'
import { FetchSessions } from '../fetch-sessions.ts'
import type { Handler } from '../handler.ts'
import { produceHandler } from './00-produce.ts'
import { fetchHandler } from './01-fetch.ts'
import { listOffsetsHandler } from './02-list-offsets.ts'
import { metadataHandler } from './03-metadata.ts'
import { offsetCommitHandler } from './08-offset-commit.ts'
import { offsetFetchHandler } from './09-offset-fetch.ts'
import { findCoordinatorHandler } from './10-find-coordinator.ts'
import { joinGroupHandler } from './11-join-group.ts'
import { heartbeatHandler } from './12-heartbeat.ts'
import { leaveGroupHandler } from './13-leave-group.ts'
import { syncGroupHandler } from './14-sync-group.ts'
import { describeGroupsHandler } from './15-describe-groups.ts'
import { listGroupsHandler } from './16-list-groups.ts'
import { saslHandshakeHandler } from './17-sasl-handshake.ts'
import { apiVersionsHandler } from './18-api-versions.ts'
import { deleteRecordsHandler } from './21-delete-records.ts'
import { initProducerIdHandler } from './22-init-producer-id.ts'
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts'
import { addPartitionsToTxnHandler } from './24-add-partitions-to-txn.ts'
import { addOffsetsToTxnHandler } from './25-add-offsets-to-txn.ts'
import { endTxnHandler } from './26-end-txn.ts'
import { writeTxnMarkersHandler } from './27-write-txn-markers.ts'
import { txnOffsetCommitHandler } from './28-txn-offset-commit.ts'
import { describeAclsHandler } from './29-describe-acls.ts'
import { describeConfigsHandler } from './32-describe-configs.ts'
import { alterReplicaLogDirsHandler } from './34-alter-replica-log-dirs.ts'
import { describeLogDirsHandler } from './35-describe-log-dirs.ts'
import { saslAuthenticateHandler } from './36-sasl-authenticate.ts'
import { deleteGroupsHandler } from './42-delete-groups.ts'
import { offsetDeleteHandler } from './47-offset-delete.ts'
import { describeClientQuotasHandler } from './48-describe-client-quotas.ts'
import { describeUserScramCredentialsHandler } from './50-describe-user-scram-credentials.ts'
import { describeClusterHandler } from './60-describe-cluster.ts'
import { describeProducersHandler } from './61-describe-producers.ts'
import { describeTransactionsHandler } from './65-describe-transactions.ts'
import { listTransactionsHandler } from './66-list-transactions.ts'
import { consumerGroupHeartbeatHandler } from './68-consumer-group-heartbeat.ts'
import { consumerGroupDescribeHandler } from './69-consumer-group-describe.ts'
import { listConfigResourcesHandler } from './74-list-config-resources.ts'
import { describeTopicPartitionsHandler } from './75-describe-topic-partitions.ts'
import { shareGroupHeartbeatHandler } from './76-share-group-heartbeat.ts'
import { shareGroupDescribeHandler } from './77-share-group-describe.ts'
import { shareFetchHandler } from './78-share-fetch.ts'
import { shareAcknowledgeHandler } from './79-share-acknowledge.ts'
import { initializeShareGroupStateHandler } from './83-initialize-share-group-state.ts'
import { readShareGroupStateHandler } from './84-read-share-group-state.ts'
import { writeShareGroupStateHandler } from './85-write-share-group-state.ts'
import { deleteShareGroupStateHandler } from './86-delete-share-group-state.ts'
import { readShareGroupStateSummaryHandler } from './87-read-share-group-state-summary.ts'
import { describeShareGroupOffsetsHandler } from './90-describe-share-group-offsets.ts'
import { alterShareGroupOffsetsHandler } from './91-alter-share-group-offsets.ts'
import { deleteShareGroupOffsetsHandler } from './92-delete-share-group-offsets.ts'
import { forwardingHandlers } from './forwarding-handlers.ts'

/** What the client port serves from. */
export interface ClientServices {
  readonly nodeId: number
  /** What this broker was started with, under the names of server.properties. */
  readonly properties: ReadonlyMap<string, string>
  readonly hasAuthorizer: boolean
  readonly logs: LogDirectory
  readonly metadata: MetadataCache
  readonly channel: ControllerChannel
  readonly replicas: ReplicaManager
  readonly groups: GroupCoordinator
  readonly shares: ShareRooms
  readonly creator: TopicCreator
  readonly transactions: TransactionCoordinator
}

/** Every api of the client port; what ApiVersions tells is taken from it. */
export function clientHandlers(services: ClientServices, dispatcher: Dispatcher): Handler[] {
  const { logs, metadata, channel, replicas, groups, shares, creator, transactions } = services
  return [
    produceHandler(replicas, metadata),
    fetchHandler(replicas, metadata, fetchSessionsOf(replicas)),
    listOffsetsHandler(replicas),
    metadataHandler(metadata, creator, () => replicas.settings.autoCreateTopicsEnable),
    offsetCommitHandler(groups),
    offsetFetchHandler(groups),
    findCoordinatorHandler(groups, transactions, shares.coordinator),
    joinGroupHandler(groups),
    heartbeatHandler(groups),
    leaveGroupHandler(groups),
    syncGroupHandler(groups),
    describeGroupsHandler(groups),
    listGroupsHandler(groups),
    apiVersionsHandler(dispatcher, metadata),
    deleteRecordsHandler(replicas),
    initProducerIdHandler(transactions),
    offsetForLeaderEpochHandler(replicas),
    addPartitionsToTxnHandler(transactions),
    addOffsetsToTxnHandler(transactions, groups),
    endTxnHandler(transactions),
    writeTxnMarkersHandler(replicas),
    txnOffsetCommitHandler(groups),
    describeConfigsHandler(services),
    alterReplicaLogDirsHandler(replicas, logs),
    describeLogDirsHandler(replicas, logs),
    deleteGroupsHandler(groups),
    offsetDeleteHandler(groups),
    describeClusterHandler(metadata),
    describeProducersHandler(replicas),
    describeTransactionsHandler(transactions),
    listTransactionsHandler(transactions),
    consumerGroupHeartbeatHandler(groups),
    consumerGroupDescribeHandler(groups),
    listConfigResourcesHandler(metadata),
    describeTopicPartitionsHandler(metadata),
    shareGroupHeartbeatHandler(groups, shares.groups),
    shareGroupDescribeHandler(groups),
    shareFetchHandler(shares.partitions, metadata),
    shareAcknowledgeHandler(shares.partitions, metadata),
    initializeShareGroupStateHandler(shares.coordinator),
    readShareGroupStateHandler(shares.coordinator),
    writeShareGroupStateHandler(shares.coordinator),
    deleteShareGroupStateHandler(shares.coordinator),
    readShareGroupStateSummaryHandler(shares.coordinator),
    saslHandshakeHandler(),
    saslAuthenticateHandler(),
    describeAclsHandler(metadata, services.hasAuthorizer),
    describeClientQuotasHandler(metadata),
    describeUserScramCredentialsHandler(metadata),
    describeShareGroupOffsetsHandler(groups, shares),
    alterShareGroupOffsetsHandler(groups),
    deleteShareGroupOffsetsHandler(groups),
    ...forwardingHandlers(channel),
  ]
}

function fetchSessionsOf({ settings, clock }: ReplicaManager): FetchSessions {
  return new FetchSessions({ slots: settings.maxIncrementalFetchSessionCacheSlots, clock })
}

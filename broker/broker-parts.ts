import type { BrokerSecurity } from './broker-security.ts'
import type { BrokerConfig } from './config.ts'
import { GroupCoordinator } from './group/coordinator.ts'
import type { LogDirectory } from './log/log-directory.ts'
import type { BrokerSettings } from './metadata/broker-config.ts'
import { MetadataCache } from './metadata/cache.ts'
import { ControllerChannel } from './network/controller-channel.ts'
import { PeerConnections } from './network/peer-connections.ts'
import { ProducerIdSource } from './network/producer-id-source.ts'
import { TopicCreator } from './network/topic-creator.ts'
import { ReplicaManager } from './replication/replica-manager.ts'
import { openShareRooms, type ShareRooms } from './share/share-rooms.ts'
import { TimerWheel } from './timer-wheel.ts'
import { TransactionCoordinator } from './transaction/coordinator.ts'
import { PartitionVerifier } from './transaction/partition-verifier.ts'
import type { World } from './world.ts'

/** What a broker is made of, behind its ports. */
export interface BrokerParts {
  readonly logs: LogDirectory
  readonly metadata: MetadataCache
  readonly channel: ControllerChannel
  readonly replicas: ReplicaManager
  readonly groups: GroupCoordinator
  readonly shares: ShareRooms
  readonly creator: TopicCreator
  readonly transactions: TransactionCoordinator
  readonly peers: PeerConnections
  readonly timers: TimerWheel
  readonly security: BrokerSecurity
}

/** Nothing of it has begun to work. */
export function composeBrokerParts(
  config: BrokerConfig,
  world: World,
  settings: BrokerSettings,
  logs: LogDirectory,
  security: BrokerSecurity,
): BrokerParts {
  const { nodeId, clusterId, host, properties } = config
  const { clock } = world
  const network = security.peerNetwork
  const onFailure = (error: unknown) => world.report(error)
  const metadata = new MetadataCache(clusterId, clock)
  const timers = new TimerWheel(clock)
  const channel = new ControllerChannel({
    nodeId,
    clusterId,
    controller: { host, port: config.controllerPort },
    endPoints: security.endPoints,
    rack: settings.brokerRack,
    logDirectoryId: logs.directoryId,
    previousBrokerEpoch: logs.previousBrokerEpoch,
    metadata,
    settings,
    clock,
    network: security.controllerNetwork,
  })
  const replicas = new ReplicaManager({
    nodeId,
    logs,
    metadata,
    controller: channel,
    timers,
    clock,
    network,
    properties,
    onFailure,
  })
  const creator = new TopicCreator({ channel, image: metadata.image, settings, onFailure })
  const shares = openShareRooms({ nodeId, replicas, metadata, settings, creator, timers, clock, network, onFailure })
  const sessionTimeoutMs = (groupId: string) => shares.groups.of(groupId).shareSessionTimeoutMs
  const share = { keeper: shares.states, sessionTimeoutMs }
  const groups = new GroupCoordinator({ replicas, metadata, settings, creator, share, timers, clock, onFailure })
  const producerIds = new ProducerIdSource(() => channel.allocateProducerIds())
  const peers = new PeerConnections({ metadata, clientId: `broker-${nodeId}-transactions`, clock, network })
  const transactions = new TransactionCoordinator({
    replicas,
    metadata,
    settings,
    creator,
    peers,
    producerIds,
    timers,
    clock,
    onFailure,
  })
  replicas.askAboutTransactions(new PartitionVerifier({ nodeId, coordinator: transactions, peers, onFailure }))
  return { logs, metadata, channel, replicas, groups, shares, creator, transactions, peers, timers, security }
}

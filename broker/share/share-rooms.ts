import type { Scheduler } from '../clock.ts'
import type { CoordinatorTopicCreator } from '../coordinator/coordinator-topic.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { shareStateTopicName } from '../metadata/topic-name.ts'
import type { Network } from '../network/network.ts'
import { PeerConnections } from '../network/peer-connections.ts'
import type { ReplicaManager } from '../replication/replica-manager.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { EndOffsets } from './end-offsets.ts'
import { ShareCoordinator } from './share-coordinator.ts'
import { ShareGroupSettings } from './share-group-settings.ts'
import { SharePartitions } from './share-partitions.ts'
import { ShareStates } from './share-states.ts'

/** Acknowledgements wait for the share coordinator; a client gives up on them after 30 s. */
const stateTimeoutMs = 15_000
const pruneTimeoutMs = 10_000

/** What a broker has of share groups, but for their members. */
export interface ShareRooms {
  readonly coordinator: ShareCoordinator
  readonly states: ShareStates
  readonly groups: ShareGroupSettings
  readonly partitions: SharePartitions
  readonly endOffsets: EndOffsets
  close(): void
}

export function openShareRooms(options: {
  nodeId: number
  replicas: ReplicaManager
  metadata: MetadataCache
  settings: BrokerSettings
  creator: CoordinatorTopicCreator
  timers: TimerWheel
  clock: Scheduler
  network: Network
  onFailure: (error: unknown) => void
}): ShareRooms {
  const { nodeId, replicas, metadata, settings, creator, timers, clock, network, onFailure } = options
  const prune = async (partition: number, offset: number) => {
    await replicas.requirePartition(shareStateTopicName, partition).deleteRecordsBefore(offset, pruneTimeoutMs)
  }
  const coordinator = new ShareCoordinator({ replicas, metadata, settings, creator, prune, timers, clock, onFailure })
  const peers = new PeerConnections({ metadata, clientId: `broker-${nodeId}-shares`, clock, network })
  const states = new ShareStates({ nodeId, coordinator, peers, clock, timeoutMs: stateTimeoutMs })
  const groups = new ShareGroupSettings(metadata, () => replicas.settings)
  const partitions = new SharePartitions({ replicas, metadata, states, groups, timers, clock, onFailure })
  const endOffsets = new EndOffsets({ nodeId, replicas, metadata, peers })
  const close = () => {
    partitions.close()
    states.close()
    peers.close()
    coordinator.close()
  }
  return { coordinator, states, groups, partitions, endOffsets, close }
}

import type { ClusterConnection } from '../kafka/cluster-connection.ts'
import type { ClusterDocuments } from '../monitor/cluster-documents.ts'
import type { Monitor } from '../monitor/monitor.ts'
import type { ClusterSnapshot } from '../monitor/snapshot.ts'
import { ServiceError } from './service-error.ts'

/** The processes of an embedded cluster's brokers. */
export interface BrokerProcesses {
  stopBroker(id: number): Promise<void>
  startBroker(id: number): Promise<void>
}

/** One watched cluster as services see it. */
export interface ClusterHandle {
  readonly monitor: Monitor
  readonly documents: ClusterDocuments
  /** Connections of its own, apart from the collector's. */
  readonly admin: ClusterConnection
  /** `undefined` for a cluster that is not ours to stop. */
  readonly processes: BrokerProcesses | undefined
}

/** The connection for admin verbs, told of the brokers that the last round saw. */
export function adminConnection({ monitor, admin }: ClusterHandle): ClusterConnection {
  const brokers = [...(monitor.snapshot?.brokers.values() ?? [])].filter(({ isOnline }) => isOnline)
  if (brokers.length > 0) admin.updateBrokers(brokers)
  return admin
}

export function requireSnapshot({ monitor }: ClusterHandle): ClusterSnapshot {
  if (monitor.snapshot === undefined || !monitor.isReady) {
    throw new ServiceError('not_ready', 'The cluster has not been read yet. Try again in a few seconds.')
  }
  return monitor.snapshot
}

const roundWaitMsMax = 3_000

/** Waits for a round that sees what was just changed, though not for long: the change is made either way. */
export async function awaitRound({ monitor }: ClusterHandle): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, roundWaitMsMax)
  })
  await Promise.race([monitor.requestRound(), timeout])
  clearTimeout(timer)
}

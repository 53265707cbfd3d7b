import type { BrokerRow, BrokersList } from '../../contract/broker.ts'
import { maxKnown, sumKnown } from '../../domain/rate.ts'
import type { BrokerState, ClusterSnapshot } from '../snapshot.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'

export function brokersDocument(view: ClusterView): BrokersList {
  const { snapshot } = view
  return {
    brokers: brokerRows(view),
    controllerId: snapshot.controller?.id ?? null,
    controllerEpoch: snapshot.controller?.epoch ?? null,
    parts: partsOf(snapshot, 'metadata', 'quorum', 'logDirs', 'endOffsets'),
  }
}

interface BrokerTotals {
  leaders: number
  replicas: number
  outOfSyncReplicas: number
  recordsInPerSecond: number | null
  bytesInPerSecond: number | null
}

export function brokerRows(view: ClusterView): BrokerRow[] {
  const totals = totalsOf(view.snapshot)
  return [...view.snapshot.brokers.values()].map((broker) => brokerRow(view, broker, totals.get(broker.id)))
}

function totalsOf(snapshot: ClusterSnapshot): Map<number, BrokerTotals> {
  const totals = new Map<number, BrokerTotals>()
  for (const id of snapshot.brokers.keys()) {
    const none = { leaders: 0, replicas: 0, outOfSyncReplicas: 0, recordsInPerSecond: null, bytesInPerSecond: null }
    totals.set(id, none)
  }
  for (const { partitions } of snapshot.topics.values()) {
    for (const { leader, replicas, inSync, recordsInPerSecond, bytesInPerSecond } of partitions) {
      for (const id of replicas) {
        const ofBroker = totals.get(id)
        if (ofBroker === undefined) continue
        ofBroker.replicas++
        if (!inSync.includes(id)) ofBroker.outOfSyncReplicas++
      }
      const ofLeader = leader === null ? undefined : totals.get(leader)
      if (ofLeader === undefined) continue
      ofLeader.leaders++
      ofLeader.recordsInPerSecond = sumKnown([ofLeader.recordsInPerSecond, recordsInPerSecond])
      ofLeader.bytesInPerSecond = sumKnown([ofLeader.bytesInPerSecond, bytesInPerSecond])
    }
  }
  return totals
}

function brokerRow(view: ClusterView, broker: BrokerState, totals: BrokerTotals | undefined): BrokerRow {
  const logDirs = broker.logDirs ?? []
  const isOnline = broker.isOnline
  const hasTrouble = (totals?.outOfSyncReplicas ?? 0) > 0 || logDirs.some(({ error }) => error !== null)
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    rack: broker.rack,
    isController: view.snapshot.controller?.id === broker.id,
    state: isOnline ? 'online' : 'down',
    stateSinceMs: broker.stateSinceMs,
    health: !isOnline ? 'critical' : hasTrouble ? 'atRisk' : 'ok',
    leaders: totals?.leaders ?? 0,
    replicas: totals?.replicas ?? 0,
    outOfSyncReplicas: totals?.outOfSyncReplicas ?? 0,
    sizeBytes: broker.logDirs === null ? null : sumKnown(logDirs.map(({ sizeBytes }) => sizeBytes)),
    // Log dirs may share a disk: the largest is shown rather than a sum that counts it twice.
    diskTotalBytes: maxKnown(logDirs.map(({ totalBytes }) => totalBytes)),
    diskUsableBytes: maxKnown(logDirs.map(({ usableBytes }) => usableBytes)),
    recordsInPerSecond: isOnline ? (totals?.recordsInPerSecond ?? null) : null,
    bytesInPerSecond: isOnline ? (totals?.bytesInPerSecond ?? null) : null,
    isEmbedded: view.isEmbedded,
  }
}

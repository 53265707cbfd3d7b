import type { BrokerDetail } from '../../contract/broker.ts'
import { brokerRows } from './brokers-document.ts'
import { type ClusterView, partsOf } from './cluster-view.ts'

/** `undefined` when the broker was never seen. */
export function brokerDocument(view: ClusterView, id: number): BrokerDetail | undefined {
  const { snapshot } = view
  const broker = brokerRows(view).find((row) => row.id === id)
  if (broker === undefined) return undefined
  return {
    broker,
    logDirs: (snapshot.brokers.get(id)?.logDirs ?? []).map((logDir) => ({ ...logDir })),
    replicas: [...replicasOf(view, id)],
    parts: partsOf(snapshot, 'metadata', 'quorum', 'logDirs'),
  }
}

function* replicasOf({ snapshot }: ClusterView, id: number): Iterable<BrokerDetail['replicas'][number]> {
  for (const { name, isInternal, partitions } of snapshot.topics.values()) {
    for (const { partition, leader, replicas, inSync, sizeBytes, offsetLag } of partitions) {
      if (!replicas.includes(id)) continue
      yield {
        topic: name,
        isInternal,
        partition,
        isLeader: leader === id,
        isInSync: inSync.includes(id),
        sizeBytes: sizeBytes.get(id) ?? null,
        offsetLag: offsetLag.get(id) ?? null,
      }
    }
  }
}

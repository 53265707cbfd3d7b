import { type ClusterSnapshot, type PartName, partNames } from '../../../../lib/monitor/snapshot.ts'

/** A cluster of brokers 1 to 3 with one topic of two partitions, some brokers down. */
export function replicatedSnapshot(p: {
  atMs: number
  down?: readonly number[]
  metadataProblem?: string
  gone?: readonly number[]
}): ClusterSnapshot {
  const down = p.down ?? []
  const problem =
    p.metadataProblem === undefined ? null : { code: 'timeout', message: p.metadataProblem, sinceMs: p.atMs }
  const ids = [1, 2, 3].filter((id) => !p.gone?.includes(id))
  return {
    clusterId: 'main',
    kafkaClusterId: 'k',
    tickAtMs: p.atMs,
    startedAtMs: p.atMs,
    completedAtMs: p.atMs,
    brokers: new Map(
      ids.map((id) => [
        id,
        {
          id,
          host: '127.0.0.1',
          port: 9_091 + id,
          rack: null,
          isOnline: !down.includes(id),
          stateSinceMs: null,
          logDirs: null,
        },
      ]),
    ),
    controller: { id: 1, epoch: 1 },
    topics: new Map([
      [
        'orders',
        {
          name: 'orders',
          id: null,
          isInternal: false,
          minInSyncReplicas: 2,
          cleanupPolicy: null,
          retentionMs: null,
          partitions: [0, 1].map((partition) => ({
            partition,
            leader: [1, 2, 3].find((id) => !down.includes(id)) ?? null,
            leaderEpoch: 0,
            replicas: [1, 2, 3],
            inSync: [1, 2, 3].filter((id) => !down.includes(id)),
            offlineReplicas: [...down],
            addingReplicas: [],
            logStartOffset: null,
            endOffset: null,
            endOffsetAtMs: null,
            recordsInPerSecond: null,
            bytesInPerSecond: null,
            sizeBytes: new Map(),
            offsetLag: new Map(),
            underReplicatedSinceMs: null,
          })),
        },
      ],
    ]),
    groups: new Map(),
    parts: Object.fromEntries(partNames.map((name) => [name, { asOfMs: p.atMs, problem }])) as Record<
      PartName,
      ClusterSnapshot['parts'][PartName]
    >,
    cost: { requests: 0, bytesIn: 0, bytesOut: 0, durationMs: 0 },
  }
}

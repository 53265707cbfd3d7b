'use client'

import type { PartitionRow } from '../../../../../lib/contract/topic.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import classes from './replica-map.module.css'

type ReplicaState = 'inSync' | 'outOfSync' | 'offline'

/** Partitions as columns, brokers as rows: in sync filled, out of sync hollow, offline crossed, the leader dotted. */
export function ReplicaMap({ partitions }: { partitions: readonly PartitionRow[] }) {
  const words = useWords().topics
  const brokers = [...new Set(partitions.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b)
  const stateWords = { inSync: words.mapInSync, outOfSync: words.mapOutOfSync, offline: words.mapOffline }
  return (
    <div className={classes.scroll}>
      <table className={classes.map} data-dense={partitions.length > 80 || undefined}>
        <tbody>
          {brokers.map((broker) => (
            <tr key={broker}>
              <th scope="row">{broker}</th>
              {partitions.map((row) => {
                const state = replicaState(row, broker)
                const isLeader = row.leader === broker
                const said = state && stateWords[state] + (isLeader ? `, ${words.mapLeader}` : '')
                return (
                  <td
                    key={row.partition}
                    className={classes.replica}
                    data-state={state}
                    data-leader={isLeader || undefined}
                    title={said && words.mapCell(row.partition, broker, said)}
                  />
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.key}>
        <i className={`${classes.replica} ${classes.sample}`} data-state="inSync" /> {words.mapInSync}
        <i className={`${classes.replica} ${classes.sample}`} data-state="inSync" data-leader /> {words.mapLeader}
        <i className={`${classes.replica} ${classes.sample}`} data-state="outOfSync" /> {words.mapOutOfSync}
        <i className={`${classes.replica} ${classes.sample}`} data-state="offline" /> {words.mapOffline}
      </p>
    </div>
  )
}

function replicaState(row: PartitionRow, broker: number): ReplicaState | undefined {
  if (!row.replicas.includes(broker)) return undefined
  if (row.offlineReplicas.includes(broker)) return 'offline'
  return row.inSync.includes(broker) ? 'inSync' : 'outOfSync'
}

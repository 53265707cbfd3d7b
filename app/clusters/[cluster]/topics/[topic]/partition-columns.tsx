import type { PartitionRow } from '../../../../../lib/contract/topic.ts'
import type { Dictionary } from '../../../../../lib/format/english.ts'
import { Figure } from '../../../../components/figure/figure.tsx'
import { HealthState } from '../../../../components/figure/health-state.tsx'
import { Unknown } from '../../../../components/figure/unknown.tsx'
import type { Column } from '../../../../components/table/column.ts'
import { BrokerLinks } from './broker-links.tsx'

const urgency = { critical: 0, atRisk: 1, unknown: 2, ok: 3 }

export function partitionColumns(cluster: string, { topics, common }: Dictionary): Column<PartitionRow>[] {
  const offsetCell = (offset: string | null) =>
    offset === null ? <Unknown reason={common.unknownNotRead} /> : <span className="mono">{offset}</span>
  return [
    {
      id: 'partition',
      header: topics.partition,
      width: '76px',
      cell: (row) => <span className="mono">{row.partition}</span>,
      sortBy: (row) => row.partition,
      narrow: 'lead',
    },
    {
      id: 'state',
      header: topics.state,
      width: 'minmax(120px, 1fr)',
      cell: (row) => <HealthState health={row.health}>{stateOf(row, { topics, common })}</HealthState>,
      sortBy: (row) => urgency[row.health],
      narrow: 'state',
    },
    {
      id: 'leader',
      header: topics.leader,
      width: '64px',
      cell: (row) =>
        row.leader === null ? (
          topics.noLeader
        ) : (
          <span title={isElsewhere(row) ? topics.notPreferred(row.preferredLeader ?? row.leader) : undefined}>
            <BrokerLinks cluster={cluster} brokers={[row.leader]} />
            {isElsewhere(row) && <span className="quiet"> *</span>}
          </span>
        ),
      sortBy: (row) => row.leader,
      narrow: 'figure',
    },
    {
      id: 'replicas',
      header: topics.replicas,
      width: '110px',
      cell: (row) => <BrokerLinks cluster={cluster} brokers={row.replicas} />,
      isWideOnly: true,
    },
    {
      id: 'inSync',
      header: topics.inSyncReplicas,
      width: '110px',
      cell: (row) => <BrokerLinks cluster={cluster} brokers={row.inSync} />,
      sortBy: (row) => row.inSync.length,
      narrow: 'figure',
    },
    {
      id: 'start',
      header: topics.logStart,
      width: '118px',
      align: 'end',
      cell: (row) => offsetCell(row.logStartOffset),
      sortBy: (row) => numberOf(row.logStartOffset),
      isWideOnly: true,
    },
    {
      id: 'end',
      header: topics.end,
      width: '118px',
      align: 'end',
      cell: (row) => offsetCell(row.endOffset),
      sortBy: (row) => numberOf(row.endOffset),
      narrow: 'figure',
    },
    {
      id: 'records',
      header: topics.records,
      hint: topics.recordsHint,
      width: '84px',
      align: 'end',
      cell: (row) => <Figure value={row.records} source="records" unit="count" />,
      sortBy: (row) => row.records,
      isWideOnly: true,
    },
    {
      id: 'recordsIn',
      header: topics.recordsIn,
      width: '92px',
      align: 'end',
      cell: (row) => (
        <Figure value={row.recordsInPerSecond} source="ends" unit="rate" reason={common.unknownNoHistory} />
      ),
      sortBy: (row) => row.recordsInPerSecond,
    },
    {
      id: 'size',
      header: topics.size,
      width: '88px',
      align: 'end',
      cell: (row) => <Figure value={row.sizeBytes} source="disk" unit="bytes" reason={common.unknownBroker} />,
      sortBy: (row) => row.sizeBytes,
    },
    {
      id: 'epoch',
      header: topics.epoch,
      width: '56px',
      align: 'end',
      cell: (row) => <Figure value={row.leaderEpoch} source="metadata" unit="count" />,
      sortBy: (row) => row.leaderEpoch,
      isExtra: true,
    },
  ]
}

function stateOf(row: PartitionRow, { topics, common }: Pick<Dictionary, 'topics' | 'common'>): string {
  if (row.leader === null) return topics.mapOffline
  if (row.inSync.length < row.replicas.length) return topics.mapOutOfSync
  return row.health === 'ok' ? topics.inSync : common.health[row.health]
}

function isElsewhere(row: PartitionRow): boolean {
  return row.preferredLeader !== null && row.leader !== row.preferredLeader
}

/** Only to sort by: above 2^53 neighbours may tie. */
function numberOf(offset: string | null): number | null {
  return offset === null ? null : Number(offset)
}

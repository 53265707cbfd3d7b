import Link from 'next/link'
import type { BrokerRow } from '../../../../lib/contract/broker.ts'
import type { Dictionary } from '../../../../lib/format/english.ts'
import { brokerHref } from '../../../../lib/web/links.ts'
import { Figure } from '../../../components/figure/figure.tsx'
import { HealthState } from '../../../components/figure/health-state.tsx'
import type { Column } from '../../../components/table/column.ts'
import classes from './broker-columns.module.css'
import { BrokerDiskShare } from './broker-disk-share.tsx'

export function brokerColumns(cluster: string, { brokers, common }: Dictionary): Column<BrokerRow>[] {
  return [
    {
      id: 'id',
      header: brokers.name,
      width: 'minmax(120px, 1fr)',
      cell: (broker) => (
        <>
          <Link href={brokerHref(cluster, broker.id)} prefetch={false} className={classes.name}>
            {broker.id}
          </Link>
          {broker.isController && <span className={classes.controller}>{brokers.controller}</span>}
        </>
      ),
      sortBy: (broker) => broker.id,
      narrow: 'lead',
    },
    {
      id: 'state',
      header: brokers.state,
      width: 'minmax(90px, 1fr)',
      cell: (broker) => (
        <HealthState health={broker.health}>{broker.state === 'online' ? brokers.online : brokers.down}</HealthState>
      ),
      sortBy: (broker) => broker.state,
      narrow: 'state',
    },
    {
      id: 'address',
      header: brokers.address,
      width: 'minmax(130px, 1fr)',
      cell: (broker) => (
        <span className="mono">
          {broker.host}:{broker.port}
        </span>
      ),
      sortBy: (broker) => broker.host,
      isWideOnly: true,
    },
    {
      id: 'rack',
      header: brokers.rack,
      width: '72px',
      cell: (broker) => <span className="quiet">{broker.rack ?? '–'}</span>,
      sortBy: (broker) => broker.rack,
      isExtra: true,
    },
    {
      id: 'leaders',
      header: brokers.leaders,
      width: '76px',
      align: 'end',
      cell: (broker) => <Figure value={broker.leaders} source="metadata" unit="count" />,
      sortBy: (broker) => broker.leaders,
      narrow: 'figure',
    },
    {
      id: 'replicas',
      header: brokers.replicas,
      width: '76px',
      align: 'end',
      cell: (broker) => <Figure value={broker.replicas} source="metadata" unit="count" />,
      sortBy: (broker) => broker.replicas,
    },
    {
      id: 'outOfSync',
      header: brokers.outOfSync,
      width: '84px',
      align: 'end',
      cell: (broker) => <Figure value={broker.outOfSyncReplicas} source="metadata" unit="count" />,
      sortBy: (broker) => broker.outOfSyncReplicas,
      isWideOnly: true,
    },
    {
      id: 'recordsIn',
      header: brokers.recordsIn,
      width: '92px',
      align: 'end',
      cell: (broker) => (
        <Figure value={broker.recordsInPerSecond} source="ends" unit="rate" reason={common.unknownNoHistory} />
      ),
      sortBy: (broker) => broker.recordsInPerSecond,
      narrow: 'figure',
    },
    {
      id: 'size',
      header: brokers.size,
      width: '92px',
      align: 'end',
      cell: (broker) => <Figure value={broker.sizeBytes} source="disk" unit="bytes" reason={common.unknownBroker} />,
      sortBy: (broker) => broker.sizeBytes,
      isWideOnly: true,
    },
    {
      id: 'disk',
      header: brokers.disk,
      width: '84px',
      align: 'end',
      cell: (broker) => <BrokerDiskShare broker={broker} />,
      sortBy: (broker) =>
        broker.diskTotalBytes === null || broker.diskUsableBytes === null
          ? null
          : 1 - broker.diskUsableBytes / broker.diskTotalBytes,
      narrow: 'figure',
    },
  ]
}

'use client'

import { useMemo } from 'react'
import type { BrokerDetail, BrokerReplica } from '../../../../../lib/contract/broker.ts'
import type { Dictionary } from '../../../../../lib/format/english.ts'
import { topicHref } from '../../../../../lib/web/links.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'
import { HealthState } from '../../../../components/figure/health-state.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { Section } from '../../../../components/section/section.tsx'
import type { Column } from '../../../../components/table/column.ts'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { NameLink } from '../../../../components/text/name-link.tsx'

interface BrokerReplicasTabProps {
  cluster: string
  detail: BrokerDetail
}

export function BrokerReplicasTab({ cluster, detail }: BrokerReplicasTabProps) {
  const words = useWords()
  const columns = useMemo(() => replicaColumns(cluster, words), [cluster, words])
  if (detail.replicas.length === 0) {
    return <EmptyState title={words.brokers.noReplicas} detail={words.brokers.noReplicasDetail} />
  }
  return (
    <Section parts={Object.values(detail.parts)}>
      <DataTable
        label={words.brokers.tabs.replicas}
        rows={detail.replicas}
        columns={columns}
        keyOf={keyOf}
        hrefOf={(replica) => topicHref(cluster, replica.topic)}
        defaultSort="topic"
        textOf={keyOf}
      />
    </Section>
  )
}

const keyOf = ({ topic, partition }: BrokerReplica) => `${topic}/${partition}`

function replicaColumns(cluster: string, { brokers, topics, common }: Dictionary): Column<BrokerReplica>[] {
  return [
    {
      id: 'topic',
      header: brokers.topic,
      width: 'minmax(160px, 3fr)',
      cell: (replica) => <NameLink name={replica.topic} href={topicHref(cluster, replica.topic)} />,
      // Kafka's own topics have many partitions and are seldom what one looks for.
      sortBy: (replica) => `${replica.isInternal ? 1 : 0} ${replica.topic} ${replica.partition}`,
      narrow: 'lead',
    },
    {
      id: 'partition',
      header: brokers.partition,
      width: '76px',
      align: 'end',
      cell: (replica) => <span className="mono">{replica.partition}</span>,
      sortBy: (replica) => replica.partition,
      narrow: 'figure',
    },
    {
      id: 'role',
      header: brokers.role,
      width: 'minmax(80px, 1fr)',
      cell: (replica) => (replica.isLeader ? brokers.leader : <span className="quiet">{brokers.follower}</span>),
      sortBy: (replica) => (replica.isLeader ? 0 : 1),
      narrow: 'figure',
    },
    {
      id: 'inSync',
      header: brokers.inSync,
      width: 'minmax(110px, 1fr)',
      cell: (replica) => (
        <HealthState health={replica.isInSync ? 'ok' : 'atRisk'}>
          {replica.isInSync ? topics.mapInSync : topics.mapOutOfSync}
        </HealthState>
      ),
      sortBy: (replica) => (replica.isInSync ? 1 : 0),
      narrow: 'state',
    },
    {
      id: 'behind',
      header: brokers.behind,
      width: '92px',
      align: 'end',
      cell: (replica) => <Figure value={replica.offsetLag} source="disk" unit="count" reason={common.unknownBroker} />,
      sortBy: (replica) => replica.offsetLag,
    },
    {
      id: 'size',
      header: brokers.size,
      width: '92px',
      align: 'end',
      cell: (replica) => <Figure value={replica.sizeBytes} source="disk" unit="bytes" reason={common.unknownBroker} />,
      sortBy: (replica) => replica.sizeBytes,
      narrow: 'figure',
    },
  ]
}

'use client'

import { useMemo } from 'react'
import type { PartitionRow, TopicDetail } from '../../../../../lib/contract/topic.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { SeriesChart } from '../../../../components/chart/series-chart.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { partitionColumns } from './partition-columns.tsx'
import { ReplicaMap } from './replica-map.tsx'
import classes from './topic-partitions-tab.module.css'

interface TopicPartitionsTabProps {
  cluster: string
  detail: TopicDetail
}

export function TopicPartitionsTab({ cluster, detail }: TopicPartitionsTabProps) {
  const words = useWords()
  const columns = useMemo(() => partitionColumns(cluster, words), [cluster, words])
  const marks = { kind: 'topic' as const, id: detail.topic.name }
  const subject = encodeURIComponent(detail.topic.name)
  return (
    <>
      <div className={classes.charts}>
        <SeriesChart
          title={words.topics.throughput}
          cluster={cluster}
          kind="topic"
          column="recordsIn"
          subjects={[subject]}
          marks={marks}
        />
        <SeriesChart
          title={words.topics.sizeOverTime}
          cluster={cluster}
          kind="topic"
          column="sizeBytes"
          subjects={[subject]}
          marks={marks}
        />
      </div>
      <Section title={words.topics.replicaMap}>
        <ReplicaMap partitions={detail.partitions} />
      </Section>
      <Section parts={Object.values(detail.parts)}>
        <DataTable
          label={words.topics.tabs.partitions}
          rows={detail.partitions}
          columns={columns}
          keyOf={keyOf}
          defaultSort="partition"
          textOf={textOf}
        />
      </Section>
    </>
  )
}

const keyOf = ({ partition }: PartitionRow) => String(partition)
const textOf = ({ partition, leader, replicas }: PartitionRow) => `${partition} ${leader} ${replicas.join(' ')}`

'use client'

import { useMemo } from 'react'
import type { GroupDetail, GroupPartitionRow } from '../../../../../lib/contract/group.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { positionColumns } from './position-columns.tsx'

interface GroupPositionsTabProps {
  cluster: string
  detail: GroupDetail
}

export function GroupPositionsTab({ cluster, detail }: GroupPositionsTabProps) {
  const words = useWords()
  const columns = useMemo(() => positionColumns(cluster, words, detail.members), [cluster, words, detail.members])
  if (detail.positions.length === 0) {
    return <EmptyState title={words.groups.noPositions} detail={words.groups.noPositionsDetail} />
  }
  return (
    <Section parts={Object.values(detail.parts)}>
      <DataTable
        label={words.groups.tabs.partitions}
        rows={detail.positions}
        columns={columns}
        keyOf={keyOf}
        defaultSort="-lag"
        textOf={textOf}
      />
    </Section>
  )
}

const keyOf = ({ topic, partition }: GroupPartitionRow) => `${topic}/${partition}`
const textOf = ({ topic, partition, memberId }: GroupPartitionRow) => `${topic} ${partition} ${memberId ?? ''}`

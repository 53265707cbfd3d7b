'use client'

import { useQuery } from '@tanstack/react-query'
import { brokerConfigsQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { ConfigsTable } from '../../../../components/table/configs-table.tsx'

interface BrokerConfigsTabProps {
  cluster: string
  broker: string
}

export function BrokerConfigsTab({ cluster, broker }: BrokerConfigsTabProps) {
  const words = useWords().brokers
  const query = useQuery(brokerConfigsQuery(cluster, broker))
  return (
    <Section query={query} subject={words.tabs.configs}>
      {query.data === undefined && query.error === null && <SkeletonRows rows={16} />}
      {query.data !== undefined && <ConfigsTable configs={query.data.configs} />}
    </Section>
  )
}

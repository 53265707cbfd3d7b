'use client'

import { incidentsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { SimpleTable } from '../../../components/table/simple-table.tsx'
import { openIncidentColumns, recentIncidentColumns } from './incident-columns.tsx'

export function IncidentsTab({ cluster }: { cluster: string }) {
  const words = useWords()
  const query = useLiveQuery(incidentsQuery(cluster))
  const list = query.data
  if (list === undefined && query.error === null) return <SkeletonRows rows={6} />
  return (
    <>
      {/* That nothing is open the verdict has said already. */}
      {(query.error !== null || (list?.open.length ?? 0) > 0) && (
        <Section title={words.alerts.open} query={query}>
          {list !== undefined && list.open.length > 0 && (
            <SimpleTable
              label={words.alerts.open}
              rows={list.open}
              columns={openIncidentColumns(words)}
              keyOf={({ id }) => id}
            />
          )}
        </Section>
      )}
      <Section title={words.alerts.recent}>
        {list?.recent.length === 0 && (
          <EmptyState title={words.alerts.nothingRecent} detail={words.alerts.nothingRecentDetail} />
        )}
        {list !== undefined && list.recent.length > 0 && (
          <SimpleTable
            label={words.alerts.recent}
            rows={list.recent}
            columns={recentIncidentColumns(words)}
            keyOf={({ id }) => id}
          />
        )}
      </Section>
    </>
  )
}

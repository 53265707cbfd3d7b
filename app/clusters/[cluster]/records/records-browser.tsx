'use client'

import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { RecordsPage } from '../../../../lib/contract/record.ts'
import { overviewQuery, recordsQuery, topicQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { parseRecordsSearch } from '../../../../lib/web/records-search.ts'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { CommandLine } from '../../../components/text/command-line.tsx'
import { countNewerRecords } from './count-newer-records.ts'
import classes from './records-browser.module.css'
import { RecordsControls } from './records-controls.tsx'
import { RecordsPager } from './records-pager.tsx'
import { RecordsTable } from './records-table.tsx'

interface RecordsBrowserProps {
  cluster: string
  topic: string
  partitions: number
}

/** Several that arrive together are read together. */
const followMs = 500

/** A page of a topic's records, from where the URL says. The newest are followed, but never move under a reader. */
export function RecordsBrowser({ cluster, topic, partitions }: RecordsBrowserProps) {
  const words = useWords().records
  const parameters = useSearchParams()
  const [isHeld, setIsHeld] = useState(false)
  const search = parseRecordsSearch((name) => parameters.get(name))
  const ends = useLiveQuery(topicQuery(cluster, topic)).data?.partitions ?? []
  const newerThan = (read: RecordsPage | undefined) =>
    read === undefined || search.from !== 'newest' ? 0 : countNewerRecords(read.partitions, ends)
  const query = useQuery({
    ...recordsQuery(cluster, topic, search),
    refetchInterval: ({ state }) => (isHeld || newerThan(state.data) === 0 ? false : followMs),
  })
  const bootstrap = useLiveQuery(overviewQuery(cluster)).data?.cluster.bootstrap ?? 'localhost:9092'
  const page = query.data
  const newer = newerThan(page)
  const failed = page?.partitions.filter(({ problem }) => problem !== null) ?? []
  return (
    <Section query={query} subject={words.title}>
      <RecordsControls
        key={parameters.get('offset')}
        partitions={partitions}
        isReading={query.isFetching}
        onRead={() => query.refetch()}
      />
      {failed.map(({ partition, problem }) => (
        <p key={partition} className={classes.failed} role="status">
          {words.partitionFailed(partition, problem ?? '')}
        </p>
      ))}
      {page === undefined && query.error === null && <SkeletonRows rows={16} />}
      {page !== undefined && page.records.length === 0 && (
        <EmptyState title={words.empty} detail={words.emptyDetail}>
          <CommandLine command={`kafka-console-producer --bootstrap-server ${bootstrap} --topic ${topic}`} />
        </EmptyState>
      )}
      {page !== undefined && page.records.length > 0 && (
        <div className={classes.page}>
          {isHeld && newer > 0 && (
            <button type="button" className={classes.arrived} onClick={() => query.refetch()}>
              {words.arrived(newer)}
            </button>
          )}
          <RecordsTable topic={topic} page={page} onHold={setIsHeld} />
          <RecordsPager page={page} partitions={partitions} />
        </div>
      )}
    </Section>
  )
}

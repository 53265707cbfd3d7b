'use client'

import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ChangeRow } from '../../../../lib/contract/change.ts'
import { changesQuery } from '../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import { Instant } from '../../../components/figure/instant.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { PageHead } from '../../../components/section/page-head.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { SimpleTable } from '../../../components/table/simple-table.tsx'
import { SentenceText } from '../../../components/text/sentence-text.tsx'

const kinds = ['broker', 'topic', 'group', 'cluster'] as const

export function ChangesScreen({ cluster }: { cluster: string }) {
  const words = useWords()
  const formats = useFormats()
  const query = useQuery(changesQuery(cluster))
  const [kind, setKind] = useUrlState('kind')
  const shown = (query.data?.changes ?? []).filter(({ subject }) => kind === '' || subject.kind === kind)
  return (
    <>
      <PageHead
        title={words.changes.title}
        acts={
          <SegmentedControl
            size="xs"
            value={kind}
            onChange={setKind}
            data={[
              { value: '', label: words.changes.all },
              ...kinds.map((each) => ({ value: each, label: words.changes.kinds[each] })),
            ]}
          />
        }
        verdict={<p className="quiet">{words.changes.verdict}</p>}
      />
      <Section query={query} subject={words.changes.title}>
        {query.data === undefined && query.error === null && <SkeletonRows rows={20} />}
        {query.data !== undefined && shown.length === 0 && (
          <EmptyState title={words.changes.emptyTitle} detail={words.changes.emptyDetail} />
        )}
        {shown.length > 0 && (
          <SimpleTable<ChangeRow>
            label={words.changes.title}
            rows={shown}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'when',
                header: words.changes.when,
                width: '160px',
                cell: (change) => <Instant atMs={change.atMs} />,
                narrow: 'figure',
              },
              {
                id: 'what',
                header: words.changes.what,
                width: 'minmax(0, 4fr)',
                cell: (change) => <SentenceText sentence={words.events.change(change, formats)} />,
                narrow: 'lead',
              },
              {
                id: 'who',
                header: words.changes.who,
                width: 'minmax(80px, 1fr)',
                cell: (change) => <span className="quiet">{change.actor}</span>,
              },
            ]}
          />
        )}
      </Section>
    </>
  )
}

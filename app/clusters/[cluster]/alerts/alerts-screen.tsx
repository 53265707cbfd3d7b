'use client'

import { sentence, strong } from '../../../../lib/format/sentence.ts'
import { incidentsQuery } from '../../../../lib/web/queries.ts'
import { useFormats, useNow, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../lib/web/use-live-query.ts'
import { PageHead } from '../../../components/section/page-head.tsx'
import { PageTabs } from '../../../components/section/page-tabs.tsx'
import { VerdictLine } from '../../../components/section/verdict-line.tsx'
import { ChannelsTab } from './channels-tab.tsx'
import { IncidentsTab } from './incidents-tab.tsx'
import { RulesTab } from './rules-tab.tsx'

export function AlertsScreen({ cluster }: { cluster: string }) {
  const words = useWords().alerts
  const formats = useFormats()
  const now = useNow()
  const incidents = useLiveQuery(incidentsQuery(cluster)).data
  const open = incidents?.open ?? []
  const firing = open.filter(({ state }) => state !== 'pending').length
  const said = open.length === 0 ? words.verdictQuiet : words.verdictOpen(firing, open.length - firing)
  return (
    <>
      <PageHead
        title={words.title}
        facts={
          incidents === undefined
            ? undefined
            : incidents.evaluatedAtMs === null
              ? words.notEvaluated
              : words.evaluated(formats.age(now - incidents.evaluatedAtMs))
        }
        verdict={
          incidents === undefined ? undefined : (
            <VerdictLine
              health={firing > 0 ? 'critical' : open.length > 0 ? 'atRisk' : 'ok'}
              verdict={sentence`${strong(said)}`}
            />
          )
        }
      />
      <PageTabs
        tabs={[
          {
            name: 'incidents',
            label: words.tabs.incidents,
            count: open.length,
            content: () => <IncidentsTab cluster={cluster} />,
          },
          { name: 'rules', label: words.tabs.rules, content: () => <RulesTab /> },
          { name: 'channels', label: words.tabs.channels, content: () => <ChannelsTab /> },
        ]}
      />
    </>
  )
}

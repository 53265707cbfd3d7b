'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import type { SeriesAnswer, SeriesColumn, SeriesKind } from '../../../lib/contract/series.ts'
import { sentenceText } from '../../../lib/format/sentence.ts'
import { beginAt } from '../../../lib/web/history-start.ts'
import { changesQuery, seriesQuery } from '../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../lib/web/reader-provider.tsx'
import { useHistoryStart } from '../../../lib/web/use-history-start.ts'
import { useTimeRange } from '../../../lib/web/use-time-range.ts'
import { Section } from '../section/section.tsx'
import type { ChartEvent } from './chart-series.ts'
import classes from './time-chart.module.css'
import { TimeChart } from './time-chart.tsx'

interface SeriesChartProps<K extends SeriesKind> {
  title: string
  /** For counts; rates, bytes and durations carry theirs. */
  unit?: string
  cluster: string
  kind: K
  column: SeriesColumn<K>
  /** Parts percent-encoded and joined by a slash. At most eight. */
  subjects: readonly string[]
  /** Marks what happened to these on the time axis. */
  marks?: { kind: 'topic' | 'group' | 'broker' | 'cluster'; id: string }
}

const pointsMax = 400

/** History of one column of some subjects, from the store, over the page's range. */
export function SeriesChart<K extends SeriesKind>({
  title,
  unit: unitName,
  cluster,
  kind,
  column,
  subjects,
  marks,
}: SeriesChartProps<K>) {
  const words = useWords()
  const formats = useFormats()
  const [range] = useTimeRange()
  const startMs = useHistoryStart(cluster, pointsMax)
  const results = useQueries({
    queries: subjects.map((subject) => seriesQuery({ cluster, kind, subject, column, range, maxPoints: pointsMax })),
  })
  const changes = useQuery({ ...changesQuery(cluster), enabled: marks !== undefined })
  const events: ChartEvent[] = (changes.data?.changes ?? [])
    .filter(({ subject }) => subject.kind === marks?.kind && subject.id === marks.id)
    .map((change) => ({ id: change.id, atMs: change.atMs, text: sentenceText(words.events.change(change, formats)) }))
  const answers = results.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const failed = results.find(({ error }) => error !== null)
  const unit = answers[0]?.unit ?? 'count'
  const series = answers.map(({ subject, column: answered, fromMs, stepMs, values }) => ({
    id: subject || answered,
    name: decodeURIComponent(subject.split('/').at(-1) ?? '') || title,
    ...beginAt({ fromMs, stepMs, values }, startMs),
  }))
  return (
    <Section title={title} unit={unitName} query={failed} subject={title}>
      {answers.length === 0 ? (
        <div className={classes.plot} />
      ) : (
        <TimeChart label={title} series={series} events={events} unit={unit} write={writeUnit(unit, formats)} />
      )}
    </Section>
  )
}

function writeUnit(unit: SeriesAnswer['unit'], formats: ReturnType<typeof useFormats>) {
  switch (unit) {
    case 'recordsPerSecond':
      return formats.rate
    case 'bytes':
      return formats.bytes
    case 'bytesPerSecond':
      return formats.byteRate
    case 'milliseconds':
      return formats.duration
    default:
      return formats.count
  }
}

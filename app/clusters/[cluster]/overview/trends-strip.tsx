'use client'

import type { Overview } from '../../../../lib/contract/cluster.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useHistoryStart } from '../../../../lib/web/use-history-start.ts'
import { Figure } from '../../../components/figure/figure.tsx'
import { Trend } from './trend.tsx'
import { trendPoints } from './trend-selection.ts'
import classes from './trends-strip.module.css'

interface TrendsStripProps {
  cluster: string
  overview: Overview
}

/** The four figures that tell a cluster's day, each with its line over the page's range. */
export function TrendsStrip({ cluster, overview }: TrendsStripProps) {
  const words = useWords()
  const formats = useFormats()
  const startMs = useHistoryStart(cluster, trendPoints)
  const line = { cluster, startMs }
  const noHistory = words.common.unknownNoHistory
  return (
    <div className={classes.strip}>
      <Trend {...line} column="recordsIn" label={words.overview.recordsIn} write={formats.rate}>
        <Figure value={overview.recordsInPerSecond} source="ends" unit="rate" reason={noHistory} />
      </Trend>
      <Trend {...line} column="bytesIn" label={words.overview.bytesIn} write={formats.byteRate}>
        <Figure value={overview.bytesInPerSecond} source="ends" unit="byteRate" reason={noHistory} />
      </Trend>
      <Trend
        {...line}
        column="lag"
        label={words.overview.lag}
        unit={words.overview.lagUnit}
        write={formats.count}
        beside={
          overview.lagSecondsMax === null ? undefined : (
            <>
              {words.overview.slowest} <Figure value={overview.lagSecondsMax} source="lag" unit="seconds" />
            </>
          )
        }
      >
        <Figure value={overview.lagRecords} source="lag" unit="count" reason={words.common.unknownNoCommit} />
      </Trend>
      <Trend
        {...line}
        column="underReplicated"
        label={words.overview.underReplicated}
        unit={words.overview.underReplicatedUnit}
        write={formats.count}
        health={overview.counts.underReplicated > 0 ? 'atRisk' : 'ok'}
      >
        <Figure value={overview.counts.underReplicated} source="metadata" unit="count" />
      </Trend>
      {startMs !== undefined && <p className={classes.since}>{words.overview.historySince(formats.time(startMs))}</p>}
    </div>
  )
}

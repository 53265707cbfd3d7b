'use client'

import { overviewQuery } from '../../../lib/web/queries.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../lib/web/use-live-query.ts'
import classes from './top-bar.module.css'

export function ClusterName({ cluster }: { cluster: string }) {
  const words = useWords().frame
  const summary = useLiveQuery(overviewQuery(cluster)).data?.cluster
  return (
    <div className={classes.cluster} title={summary?.bootstrap}>
      <span>{summary?.name ?? cluster}</span>
      {summary !== undefined && <span className={classes.tag}>{words.kind[summary.kind]}</span>}
    </div>
  )
}

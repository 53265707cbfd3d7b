'use client'

import type { Part } from '../../../lib/contract/part.ts'
import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './section.module.css'

/** One part of the cluster that the collector could not read: its figures are the last known. */
export function PartNotice({ part }: { part: Part }) {
  const words = useWords().common
  const formats = useFormats()
  const now = useNow()
  if (part.problem === null) return null
  return (
    <div className={classes.notice} data-failed role="status">
      <span>{part.problem.message}</span>
      <span className="quiet">
        {words.failedSince(formats.time(part.problem.sinceMs), formats.age(now - part.problem.sinceMs))}
      </span>
      <span className="quiet">
        {part.asOfMs === null ? words.showingNothing : words.showingLast(formats.age(now - part.asOfMs))}
      </span>
    </div>
  )
}

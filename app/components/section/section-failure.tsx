'use client'

import type { ApiProblem } from '../../../lib/web/api-problem.ts'
import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './section.module.css'

interface SectionFailureProps {
  subject: string
  problem: ApiProblem
  sinceMs: number
  /** When what is shown instead was read. */
  shownMs: number | undefined
  onRetry: () => void
}

/** What could not be read, why, since when, and what is shown instead. */
export function SectionFailure({ subject, problem, sinceMs, shownMs, onRetry }: SectionFailureProps) {
  const words = useWords().common
  const formats = useFormats()
  const now = useNow()
  return (
    <div className={classes.notice} data-failed role="status">
      <strong>{words.failed(subject)}</strong>
      <span>{problem.message || words.problems[problem.code]}</span>
      <span className="quiet">{words.failedSince(formats.time(sinceMs), formats.age(now - sinceMs))}</span>
      <span className="quiet">
        {shownMs === undefined ? words.showingNothing : words.showingLast(formats.age(now - shownMs))}
      </span>
      <button type="button" className={classes.retry} onClick={onRetry}>
        {words.retry}
      </button>
    </div>
  )
}

import type { ReactNode } from 'react'
import type { Part } from '../../../lib/contract/part.ts'
import type { ApiProblem } from '../../../lib/web/api-problem.ts'
import { PartNotice } from './part-notice.tsx'
import classes from './section.module.css'
import { SectionFailure } from './section-failure.tsx'

interface SectionProps {
  title?: ReactNode
  /** Said once, beside the title. */
  unit?: ReactNode
  aside?: ReactNode
  /** The query behind the section; what was read before a failure stays shown. */
  query?: { error: ApiProblem | null; dataUpdatedAt: number; errorUpdatedAt: number; refetch: () => unknown }
  /** What could not be read, named in the failure. */
  subject?: string
  /** The parts of the snapshot whose figures stand here: what could not be read is said here. */
  parts?: readonly (Part | undefined)[]
  children: ReactNode
}

/** One part of a page, set apart by space and a hairline. It says by itself what could not be read. */
export function Section({ title, unit, aside, query, subject, parts = [], children }: SectionProps) {
  const failed = query?.error ?? null
  const failedParts = parts.flatMap((part) => (part?.problem ? [part] : []))
  return (
    <section className={classes.section}>
      {(title !== undefined || aside !== undefined) && (
        <div className={classes.head}>
          {title !== undefined && <h2>{title}</h2>}
          {unit !== undefined && <span className="quiet">{unit}</span>}
          {aside !== undefined && <div className={classes.aside}>{aside}</div>}
        </div>
      )}
      {failed !== null && query !== undefined && (
        <SectionFailure
          subject={subject ?? String(title ?? '')}
          problem={failed}
          sinceMs={query.errorUpdatedAt}
          shownMs={query.dataUpdatedAt === 0 ? undefined : query.dataUpdatedAt}
          onRetry={() => query.refetch()}
        />
      )}
      {failedParts.map((part) => (
        <PartNotice key={part.problem?.code} part={part} />
      ))}
      {children}
    </section>
  )
}

import type { ReactNode } from 'react'
import classes from './page-head.module.css'

interface PageHeadProps {
  title: ReactNode
  /** Small facts beside the title. */
  facts?: ReactNode
  /** What can be done, the dangerous behind "More". */
  acts?: ReactNode
  /** One sentence first. */
  verdict?: ReactNode
}

export function PageHead({ title, facts, acts, verdict }: PageHeadProps) {
  return (
    <header className={classes.head}>
      <div className={classes.titleRow}>
        <h1>{title}</h1>
        {facts !== undefined && <div className={classes.facts}>{facts}</div>}
        {acts !== undefined && <div className={classes.acts}>{acts}</div>}
      </div>
      {verdict}
    </header>
  )
}

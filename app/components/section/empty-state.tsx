import type { ReactNode } from 'react'
import classes from './section.module.css'

interface EmptyStateProps {
  title: string
  detail?: ReactNode
  /** The one thing to do: a command to copy or a button. */
  children?: ReactNode
}

export function EmptyState({ title, detail, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <p className={classes.emptyTitle}>{title}</p>
      {detail !== undefined && <p className="quiet">{detail}</p>}
      {children}
    </div>
  )
}

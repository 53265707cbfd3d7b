import type { ReactNode } from 'react'
import type { Health } from '../../../lib/contract/scalars.ts'
import { HealthMark } from './health-mark.tsx'
import classes from './health-state.module.css'

interface HealthStateProps {
  health: Health
  children: ReactNode
}

/** A shape and a word. */
export function HealthState({ health, children }: HealthStateProps) {
  return (
    <span className={classes.state} data-health={health}>
      <HealthMark health={health} />
      <span>{children}</span>
    </span>
  )
}

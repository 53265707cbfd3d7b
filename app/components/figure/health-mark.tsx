import type { Health } from '../../../lib/contract/scalars.ts'
import classes from './health-mark.module.css'

/** A shape for each state, so that colour is never alone: dot, triangle, square, ring. The word stands beside it. */
export function HealthMark({ health }: { health: Health }) {
  return (
    <svg className={classes.mark} data-health={health} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
      {health === 'ok' && <circle cx="5" cy="5" r="3.2" />}
      {health === 'atRisk' && <path d="M5 .8 9.6 9H.4Z" />}
      {health === 'critical' && <rect x="1" y="1" width="8" height="8" />}
      {health === 'unknown' && <circle cx="5" cy="5" r="3.2" fill="none" stroke="currentColor" strokeWidth="1.4" />}
    </svg>
  )
}

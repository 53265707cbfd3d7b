'use client'

import type { ApiProblem } from '../../../lib/web/api-problem.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './form-failure.module.css'

/** Why nothing was done. What belongs to a field stands at the field instead. */
export function FormFailure({ problem }: { problem: ApiProblem | null }) {
  const words = useWords().common
  if (problem === null) return null
  return (
    <p className={classes.failure} role="alert">
      {problem.message || words.problems[problem.code]}
      {problem.kafkaError !== undefined && <code> {problem.kafkaError}</code>}
    </p>
  )
}

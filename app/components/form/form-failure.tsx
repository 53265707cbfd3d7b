'use client'

import type { ApiProblem } from '../../../lib/web/api-problem.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './form-failure.module.css'

interface FormFailureProps {
  problem: ApiProblem | null
  /** Says it better than the problem's own message can. */
  sentence?: string
}

/** Why nothing was done. What belongs to a field stands at the field instead. */
export function FormFailure({ problem, sentence }: FormFailureProps) {
  const words = useWords().common
  if (problem === null) return null
  return (
    <p className={classes.failure} role="alert">
      {sentence ?? (problem.message || words.problems[problem.code])}
      {problem.kafkaError !== undefined && <code> {problem.kafkaError}</code>}
    </p>
  )
}

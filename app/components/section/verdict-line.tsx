import type { Health } from '../../../lib/contract/scalars.ts'
import type { Sentence } from '../../../lib/format/sentence.ts'
import { HealthMark } from '../figure/health-mark.tsx'
import { SentenceText } from '../text/sentence-text.tsx'
import classes from './verdict-line.module.css'

interface VerdictLineProps {
  health: Health
  verdict: Sentence
}

export function VerdictLine({ health, verdict }: VerdictLineProps) {
  return (
    <p className={classes.verdict} data-health={health}>
      <HealthMark health={health} />
      <span>
        <SentenceText sentence={verdict} />
      </span>
    </p>
  )
}

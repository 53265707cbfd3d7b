'use client'

import type { Incident } from '../../../../lib/contract/alert.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { SentenceText } from '../../../components/text/sentence-text.tsx'

export function IncidentSentence({ incident }: { incident: Incident }) {
  const words = useWords().events
  const formats = useFormats()
  return <SentenceText sentence={words.incident(incident, formats)} />
}

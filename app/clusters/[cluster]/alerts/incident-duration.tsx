'use client'

import type { Incident } from '../../../../lib/contract/alert.ts'
import { useFormats } from '../../../../lib/web/reader-provider.tsx'

export function IncidentDuration({ incident }: { incident: Incident }) {
  const formats = useFormats()
  if (incident.resolvedAtMs === null) return null
  return (
    <span title={formats.instant.full(incident.resolvedAtMs)}>
      {formats.duration(incident.resolvedAtMs - (incident.firedAtMs ?? incident.pendingSinceMs))}
    </span>
  )
}

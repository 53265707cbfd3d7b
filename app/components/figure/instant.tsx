'use client'

import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import { Unknown } from './unknown.tsx'

interface InstantProps {
  atMs: number | null
  reason?: string
  /** Without it the time stands alone. */
  withAge?: boolean
}

/** A time in the reader's zone with its age beside; date, milliseconds and zone on hover. */
export function Instant({ atMs, reason, withAge = true }: InstantProps) {
  const words = useWords().common
  const formats = useFormats()
  const now = useNow()
  if (atMs === null) return <Unknown reason={reason ?? words.unknownNotRead} />
  return (
    <time className="nowrap" dateTime={new Date(atMs).toISOString()} title={formats.instant.full(atMs)}>
      {formats.time(atMs)}
      {withAge && <span className="quiet"> · {formats.age(now - atMs)}</span>}
    </time>
  )
}

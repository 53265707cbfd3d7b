'use client'

import { useFormats, useWords } from '../../../lib/web/reader-provider.tsx'
import { type FigureSource, useOldFigure } from './figure-age.tsx'
import { OldFigure } from './old-figure.tsx'
import { Unknown } from './unknown.tsx'

export type FigureUnit = 'count' | 'bytes' | 'rate' | 'byteRate' | 'seconds'

interface FigureProps {
  value: number | null | undefined
  unit: FigureUnit
  /** Why the value is not known, when it is not. */
  reason?: string
  /** The value is at least this. */
  isLowerBound?: boolean
  hint?: string
  /** What it was read from: when that grows old, the figure says so. */
  source?: FigureSource
}

/** A figure with its unit; exact on hover. */
export function Figure({ value, unit, reason, isLowerBound, hint, source }: FigureProps) {
  const words = useWords().common
  const formats = useFormats()
  const readAtMs = useOldFigure(source)
  if (value === null || value === undefined) return <Unknown reason={reason ?? words.unknownNotRead} />
  const write = {
    count: formats.count,
    bytes: formats.bytes,
    rate: formats.rate,
    byteRate: formats.byteRate,
    seconds: (seconds: number) => formats.duration(seconds * 1_000),
  }[unit]
  const exact = hint ?? (isLowerBound ? words.atLeastReason : formats.exact(value))
  const text = isLowerBound ? words.atLeast(write(value)) : write(value)
  if (readAtMs !== undefined) return <OldFigure text={text} exact={exact} readAtMs={readAtMs} />
  return (
    <span className="nowrap" title={exact}>
      {text}
    </span>
  )
}

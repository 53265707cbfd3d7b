'use client'

import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './old-figure.module.css'

interface OldFigureProps {
  text: string
  exact: string
  readAtMs: number
}

/** A figure that could not be read again: dimmed, with its age beside it, or on hover where a table has no room. */
export function OldFigure({ text, exact, readAtMs }: OldFigureProps) {
  const words = useWords().common
  const age = useFormats().age(useNow() - readAtMs)
  return (
    <span className={`nowrap ${classes.old}`} title={`${exact} · ${words.showingLast(age)}`}>
      {text}
      <span className={classes.age}> · {words.ago(age)}</span>
    </span>
  )
}

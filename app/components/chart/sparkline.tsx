'use client'

import { type MouseEvent, useState } from 'react'
import type { SampledValues } from '../../../lib/web/history-start.ts'
import { useFormats } from '../../../lib/web/reader-provider.tsx'
import classes from './sparkline.module.css'

interface SparklineProps {
  series: SampledValues
  label: string
  write: (value: number) => string
}

const width = 300
const height = 44
const top = 3

/** One thin line from zero; gaps stay gaps. Under the pointer it says its value and time. */
export function Sparkline({ series, label, write }: SparklineProps) {
  const formats = useFormats()
  const [pointed, setPointed] = useState<number | undefined>()
  const max = Math.max(...series.values.map((value) => value ?? 0), 0)
  const x = (index: number) => (series.values.length < 2 ? 0 : (index / (series.values.length - 1)) * width)
  const y = (value: number) => (max === 0 ? height - 1 : height - 1 - (value / max) * (height - 1 - top))
  const point = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    setPointed(Math.round(((event.clientX - box.left) / box.width) * (series.values.length - 1)))
  }
  const value = pointed === undefined ? undefined : series.values[pointed]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only adds what the charts behind the link show as well.
    <div className={classes.frame} onMouseMove={point} onMouseLeave={() => setPointed(undefined)}>
      <svg
        className={classes.line}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path className={classes.base} d={`M0 ${height - 0.5}H${width}`} vectorEffect="non-scaling-stroke" />
        <path className={classes.path} d={drawLine(series.values, x, y)} vectorEffect="non-scaling-stroke" />
        {pointed !== undefined && (
          <path className={classes.cursor} d={`M${x(pointed)} 0V${height}`} vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      {pointed !== undefined && (
        <span className={classes.reading}>
          {value === null || value === undefined ? '–' : write(value)} ·{' '}
          {formats.time(series.fromMs + pointed * series.stepMs)}
        </span>
      )}
    </div>
  )
}

/** A point alone between gaps is drawn as a short dash, or it would vanish. */
function drawLine(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let path = ''
  let isDown = false
  values.forEach((value, index) => {
    if (value === null) {
      isDown = false
      return
    }
    const isAlone = !isDown && (values[index + 1] ?? null) === null
    path += `${isDown ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}${isAlone ? 'h1.5' : ''}`
    isDown = true
  })
  return path
}

'use client'

import { useState } from 'react'
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { SeriesAnswer } from '../../../lib/contract/series.ts'
import { useFormats } from '../../../lib/web/reader-provider.tsx'
import type { TimeRange } from '../../../lib/web/time-range.ts'
import { timeTicks, valueTicks } from './axis-ticks.ts'
import { type ChartEvent, type ChartSeries, seriesColors } from './chart-series.ts'
import classes from './time-chart.module.css'
import { TimeChartTooltip } from './time-chart-tooltip.tsx'

interface TimeChartPlotProps {
  series: readonly ChartSeries[]
  isolated: string | undefined
  events: readonly ChartEvent[]
  unit: SeriesAnswer['unit']
  write: (value: number) => string
  onZoom: (range: TimeRange) => void
}

/** Every chart of the page moves its cursor with the others. */
const pageCursor = 'page'
const zoomMinMs = 30_000
const axisText = { fill: 'var(--text-quiet)', fontSize: 11 }

export function TimeChartPlot({ series, isolated, events, unit, write, onZoom }: TimeChartPlotProps) {
  const formats = useFormats()
  const [dragged, setDragged] = useState<{ fromMs: number; toMs: number } | undefined>()
  const points = mergeByTime(series)
  const fromMs = points[0]?.atMs ?? 0
  const toMs = points.at(-1)?.atMs ?? 0
  const shown = series.filter(({ id }) => isolated === undefined || isolated === id)
  const valueMax = Math.max(0, ...shown.flatMap(({ values }) => values.map((value) => value ?? 0)))
  const yTicks = valueTicks(valueMax, unit)
  const zoom = () => {
    if (dragged !== undefined) {
      const [start, end] = [Math.min(dragged.fromMs, dragged.toMs), Math.max(dragged.fromMs, dragged.toMs)]
      if (end - start >= zoomMinMs) onZoom({ fromMs: start, toMs: end })
    }
    setDragged(undefined)
  }
  return (
    <div className={classes.plot}>
      <ResponsiveContainer width="100%" height="100%">
        <LineChart
          data={points}
          syncId={pageCursor}
          syncMethod="value"
          margin={{ top: 6, right: 4, bottom: 0, left: 0 }}
          onMouseDown={({ activeLabel }) => {
            const atMs = Number(activeLabel)
            if (atMs > 0) setDragged({ fromMs: atMs, toMs: atMs })
          }}
          onMouseMove={({ activeLabel }) => {
            const atMs = Number(activeLabel)
            if (dragged !== undefined && atMs > 0) setDragged({ ...dragged, toMs: atMs })
          }}
          onMouseUp={zoom}
          onMouseLeave={() => setDragged(undefined)}
        >
          <CartesianGrid stroke="var(--hairline)" vertical={false} />
          <XAxis
            dataKey="atMs"
            type="number"
            scale="time"
            domain={[fromMs, toMs]}
            ticks={timeTicks(fromMs, toMs, 6)}
            tickFormatter={(atMs: number) => formats.instant.tick(atMs, toMs - fromMs)}
            tick={axisText}
            tickLine={false}
            axisLine={{ stroke: 'var(--hairline)' }}
            minTickGap={48}
          />
          <YAxis
            domain={[0, yTicks.at(-1) ?? 1]}
            ticks={yTicks}
            tickFormatter={write}
            tick={axisText}
            tickLine={false}
            axisLine={false}
            width={66}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--text-quiet)', strokeWidth: 1 }}
            content={({ active, label, payload }) => (
              <TimeChartTooltip
                atMs={active ? Number(label) : undefined}
                lines={series.map(({ id, name }, index) => ({ id, name, color: seriesColors[index] ?? '' }))}
                values={payload?.[0]?.payload as ChartPoint | undefined}
                write={write}
              />
            )}
          />
          {events
            .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
            .map(({ id, atMs, text }) => (
              <ReferenceLine
                key={id}
                x={atMs}
                stroke="var(--text-quiet)"
                strokeDasharray="2 3"
                label={<EventMark text={text} />}
              />
            ))}
          {series.map(({ id }, index) =>
            isolated === undefined || isolated === id ? (
              <Line
                key={id}
                dataKey={id}
                stroke={seriesColors[index]}
                strokeWidth={1.5}
                dot={false}
                activeDot={{ r: 2.5, strokeWidth: 0 }}
                isAnimationActive={false}
                connectNulls={false}
                type="linear"
              />
            ) : null,
          )}
          {dragged !== undefined && (
            <ReferenceArea x1={dragged.fromMs} x2={dragged.toMs} fill="var(--accent)" fillOpacity={0.12} />
          )}
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}

interface ChartPoint {
  atMs: number
  [series: string]: number | null
}

/** One point an instant; series of one page share their steps, so most instants have all of them. */
function mergeByTime(series: readonly ChartSeries[]): ChartPoint[] {
  const points = new Map<number, ChartPoint>()
  for (const { id, fromMs, stepMs, values } of series) {
    values.forEach((value, index) => {
      const atMs = fromMs + index * stepMs
      const point: ChartPoint = points.get(atMs) ?? { atMs }
      point[id] = value
      points.set(atMs, point)
    })
  }
  return [...points.values()].sort((a, b) => a.atMs - b.atMs)
}

interface EventMarkProps {
  text: string
  viewBox?: { x?: number; y?: number; height?: number }
}

function EventMark({ text, viewBox }: EventMarkProps) {
  const x = viewBox?.x ?? 0
  const bottom = (viewBox?.y ?? 0) + (viewBox?.height ?? 0)
  return (
    <path d={`M${x - 4} ${bottom}h8l-4 -7Z`} fill="var(--text-quiet)">
      <title>{text}</title>
    </path>
  )
}

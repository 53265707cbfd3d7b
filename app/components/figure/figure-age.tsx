'use client'

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Part } from '../../../lib/contract/part.ts'
import { useNow } from '../../../lib/web/reader-provider.tsx'

/** What a figure was read from, as parts of the snapshot. */
const partsOfSource = {
  metadata: ['metadata'],
  ends: ['endOffsets'],
  records: ['startOffsets', 'endOffsets'],
  disk: ['logDirs'],
  lag: ['committedOffsets', 'endOffsets'],
  commits: ['committedOffsets'],
  members: ['groupMembers'],
  groups: ['groups'],
} as const
export type FigureSource = keyof typeof partsOfSource

/** Longer than any part waits for its turn. */
const oldAfterMs = 180_000

const OldParts = createContext<ReadonlyMap<string, number>>(new Map())

interface FigureAgeProps {
  /** Of the page's document. */
  parts: Readonly<Record<string, Part>> | undefined
  children: ReactNode
}

/** Tells the figures of a page which parts could not be read again, so that those made of them show their age. */
export function FigureAge({ parts, children }: FigureAgeProps) {
  const now = useNow()
  const old = Object.entries(parts ?? {}).flatMap(([name, { asOfMs, problem }]) => {
    if (asOfMs === null) return []
    const isOld = now - asOfMs > oldAfterMs || (problem !== null && asOfMs < problem.sinceMs)
    return isOld ? [`${name} ${asOfMs}`] : []
  })
  // A text, so that figures are drawn anew when a part turns old and not with every second.
  const key = old.join(',')
  const value = useMemo(() => parseOldParts(key), [key])
  return <OldParts value={value}>{children}</OldParts>
}

/** When the oldest of what the figure is made of was read; `undefined` while all of it is fresh. */
export function useOldFigure(source: FigureSource | undefined): number | undefined {
  const old = useContext(OldParts)
  if (source === undefined) return undefined
  const times = partsOfSource[source].map((name) => old.get(name)).filter((atMs) => atMs !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

function parseOldParts(key: string): ReadonlyMap<string, number> {
  if (key === '') return new Map()
  return new Map(
    key.split(',').map((each) => {
      const [name = '', atMs] = each.split(' ')
      return [name, Number(atMs)]
    }),
  )
}

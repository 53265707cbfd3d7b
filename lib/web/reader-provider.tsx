'use client'

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Dictionary } from '../format/english.ts'
import { createFormats, type Formats } from '../format/formats.ts'
import type { Language } from '../format/language.ts'
import { type ReaderChoices, saveReaderChoice } from './reader-choices.ts'
import { Ticker } from './ticker.ts'

interface Reader {
  words: Dictionary
  formats: Formats
  ticker: Ticker
}

const ReaderContext = createContext<Reader | undefined>(undefined)

export interface ReaderProviderProps {
  words: Dictionary
  language: Language
  choices: ReaderChoices
  nowMs: number
  children: ReactNode
}

/** Who reads: language, time zone and the present moment. */
export function ReaderProvider({ words, language, choices, nowMs, children }: ReaderProviderProps) {
  const [ticker] = useState(() => new Ticker(nowMs))
  const zone = useZone(choices.zone)
  const reader = useMemo(
    () => ({ words, ticker, formats: createFormats({ language, zone, now: () => ticker.nowMs }) }),
    [words, ticker, language, zone],
  )
  return <ReaderContext value={reader}>{children}</ReaderContext>
}

/** The words of the reader's language. */
export function useWords(): Dictionary {
  return useReader().words
}

export function useFormats(): Formats {
  return useReader().formats
}

/** The present moment, renewed once a second. */
export function useNow(): number {
  const { ticker } = useReader()
  return useSyncExternalStore(
    (listener) => ticker.subscribe(listener),
    () => ticker.nowMs,
    () => ticker.nowMs,
  )
}

/** The server learns the browser's zone by a cookie; at the very first visit it does not know it and draws in UTC. */
function useZone(known: string | undefined): string {
  const [zone, setZone] = useState(known ?? 'UTC')
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (own === known) return
    saveReaderChoice('zone', own)
    setZone(own)
  }, [known])
  return zone
}

function useReader(): Reader {
  const reader = useContext(ReaderContext)
  if (reader === undefined) throw new Error('This needs a ReaderProvider above it.')
  return reader
}

'use client'

import { useState } from 'react'

/** The one series that is shown alone, if any. */
export function useIsolated(): [id: string | undefined, toggle: (id: string) => void] {
  const [isolated, setIsolated] = useState<string | undefined>()
  return [isolated, (id) => setIsolated((current) => (current === id ? undefined : id))]
}

'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

/**
 * State that a colleague sees when the link is pasted. `fallback` is not written to the URL. Changes replace the
 * history entry and ask the server for nothing.
 */
export function useUrlState(name: string, fallback = ''): [value: string, set: (value: string) => void] {
  const pathname = usePathname()
  const value = useSearchParams().get(name) ?? fallback
  const set = useCallback(
    (next: string) => {
      const parameters = new URLSearchParams(window.location.search)
      if (next === fallback) parameters.delete(name)
      else parameters.set(name, next)
      const search = parameters.toString()
      window.history.replaceState(null, '', search === '' ? pathname : `${pathname}?${search}`)
    },
    [name, fallback, pathname],
  )
  return [value, set]
}

'use client'

import { useEffect, useState } from 'react'

interface TableKeysOptions {
  count: number
  reveal: (index: number) => void
  open: (index: number) => void
}

/** `j` and `k` move the marked row, Enter opens it. */
export function useTableKeys({ count, reveal, open }: TableKeysOptions): number | undefined {
  const [marked, setMarked] = useState<number | undefined>()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return
      if (event.key === 'j' || event.key === 'k') {
        const from = marked ?? (event.key === 'j' ? -1 : count)
        const next = Math.max(0, Math.min(count - 1, from + (event.key === 'j' ? 1 : -1)))
        setMarked(next)
        reveal(next)
      } else if (event.key === 'Enter' && marked !== undefined && marked < count) {
        open(marked)
      } else if (event.key === 'Escape') {
        setMarked(undefined)
      }
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [count, reveal, open, marked])
  return marked
}

/** Somebody types, or Enter belongs to the control that has the focus. */
function isBusy(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, button, a, [role="dialog"]') !== null
}

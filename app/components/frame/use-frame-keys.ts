'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { pageHref } from '../../../lib/web/links.ts'
import { pages } from './pages.ts'

const sequenceMaxMs = 1_200

/** The keys that work on every page: `g` and a letter go somewhere, `/` filters, `?` tells, Ctrl K finds. */
export function useFrameKeys(cluster: string, open: (what: 'palette' | 'keys') => void): void {
  const router = useRouter()
  const leaderAtMs = useRef(0)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open('palette')
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const isSecondKey = event.timeStamp - leaderAtMs.current < sequenceMaxMs
      leaderAtMs.current = 0
      const page = isSecondKey ? pages.find(({ key }) => key === event.key) : undefined
      if (page !== undefined) router.push(pageHref(cluster, page.name))
      else if (event.key === 'g') leaderAtMs.current = event.timeStamp
      else if (event.key === '?') open('keys')
      else if (event.key === '/') focusFilter(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [cluster, open, router])
}

function focusFilter(event: KeyboardEvent) {
  const filter = document.querySelector<HTMLInputElement>('[data-page-filter]')
  if (filter === null) return
  event.preventDefault()
  filter.focus()
  filter.select()
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

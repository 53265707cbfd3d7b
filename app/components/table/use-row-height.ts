'use client'

import { useEffect, useState } from 'react'

const compactPx = 28
const roomyPx = 36
const narrowPx = 54

/** Rows are as high as the reader's density says; on a narrow screen each takes two lines. */
export function useRowHeight(): number {
  const [height, setHeight] = useState(compactPx)
  useEffect(() => {
    const narrow = window.matchMedia('(max-width: 640px)')
    const measure = () => {
      const wide = document.documentElement.dataset.density === 'roomy' ? roomyPx : compactPx
      setHeight(narrow.matches ? narrowPx : wide)
    }
    measure()
    narrow.addEventListener('change', measure)
    const density = new MutationObserver(measure)
    density.observe(document.documentElement, { attributeFilter: ['data-density'] })
    return () => {
      narrow.removeEventListener('change', measure)
      density.disconnect()
    }
  }, [])
  return height
}

'use client'

import { useEffect, useState } from 'react'

export interface TableLayout {
  rowHeight: number
  /** There is room for every column. */
  isWide: boolean
}

const compactPx = 28
const roomyPx = 36
const twoLinesPx = 54

/** Rows are as high as the reader's density says; on a narrow screen each takes two lines. The server draws for a wide one. */
export function useTableLayout(): TableLayout {
  const [layout, setLayout] = useState<TableLayout>({ rowHeight: compactPx, isWide: true })
  useEffect(() => {
    // As in data-table.module.css.
    const narrow = window.matchMedia('(max-width: 900px)')
    const wide = window.matchMedia('(min-width: 1360px)')
    const measure = () => {
      const oneLinePx = document.documentElement.dataset.density === 'roomy' ? roomyPx : compactPx
      setLayout({ rowHeight: narrow.matches ? twoLinesPx : oneLinePx, isWide: wide.matches })
    }
    measure()
    narrow.addEventListener('change', measure)
    wide.addEventListener('change', measure)
    const density = new MutationObserver(measure)
    density.observe(document.documentElement, { attributeFilter: ['data-density'] })
    return () => {
      narrow.removeEventListener('change', measure)
      wide.removeEventListener('change', measure)
      density.disconnect()
    }
  }, [])
  return layout
}

'use client'

import { useState } from 'react'
import { holdOrder } from '../../../lib/web/held-order.ts'

interface Held {
  /** Sort and filter at the time: another one is the reader's own wish and is followed at once. */
  arrangement: string
  keys: readonly string[]
}

/** Rows never move under a pointer or focus: while held they keep their places, and the new order is offered. */
export function useHeldOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string, arrangement: string) {
  const [held, setHeld] = useState<Held | undefined>()
  const holdNow = () => setHeld({ arrangement, keys: rows.map(keyOf) })
  const isHeld = held !== undefined && held.arrangement === arrangement
  const shown = isHeld ? holdOrder(held.keys, rows, keyOf) : { rows, isChanged: false }
  return {
    rows: shown.rows,
    isOrderChanged: shown.isChanged,
    hold: () => {
      if (!isHeld) holdNow()
    },
    release: () => setHeld(undefined),
    applyOrder: holdNow,
  }
}

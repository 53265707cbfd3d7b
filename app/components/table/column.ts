import type { ReactNode } from 'react'

export interface Column<Row> {
  id: string
  header: string
  /** What the figure is, on hover of its head. */
  hint?: string
  /** A track of the grid: `minmax(200px, 3fr)`, `92px`. */
  width: string
  align?: 'end'
  cell: (row: Row) => ReactNode
  /** Makes the column sortable. `null` is not known and comes last whichever way. */
  sortBy?: (row: Row) => number | string | null
  /** On a narrow screen: in the first line, at its end, or named in the second line. Otherwise it is not shown there. */
  narrow?: 'lead' | 'state' | 'figure'
  /** Left out where the page has no room for every column. */
  isWideOnly?: boolean
  /** Shown only when the reader asks for it. */
  isExtra?: boolean
}

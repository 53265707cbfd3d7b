import type { MouseEvent } from 'react'
import type { Column } from './column.ts'
import classes from './data-table.module.css'

interface DataTableRowProps<Row> {
  row: Row
  columns: readonly Column<Row>[]
  index: number
  /** Pixels from the top of the list. */
  offset: number
  height: number
  isMarked: boolean
  onOpen: (() => void) | undefined
}

export function DataTableRow<Row>(props: DataTableRowProps<Row>) {
  const { row, columns, index, offset, height, isMarked, onOpen } = props
  const openUnlessControl = (event: MouseEvent) => {
    const isControl = event.target instanceof Element && event.target.closest('a, button, input') !== null
    if (!isControl && window.getSelection()?.isCollapsed) onOpen?.()
  }
  return (
    <tr
      className={`${classes.tracks} ${classes.row}`}
      style={{ transform: `translateY(${offset}px)`, height }}
      aria-rowindex={index + 1}
      data-marked={isMarked || undefined}
      data-opens={onOpen !== undefined || undefined}
      onClick={openUnlessControl}
    >
      {columns.map((column) => (
        <td key={column.id} data-align={column.align} data-narrow={column.narrow} data-label={column.header}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { Column } from './column.ts'
import classes from './data-table.module.css'
import type { SortOrder } from './sort-order.ts'

interface DataTableHeadProps<Row> {
  columns: readonly Column<Row>[]
  order: SortOrder
  onSort: (column: Column<Row>) => void
}

export function DataTableHead<Row>({ columns, order, onSort }: DataTableHeadProps<Row>) {
  return (
    <thead className={classes.head}>
      <tr className={classes.tracks}>
        {columns.map((column) => {
          const isSorted = column.id === order.id
          const direction = order.isDescending ? 'descending' : 'ascending'
          const Arrow = order.isDescending ? IconArrowDown : IconArrowUp
          return (
            <th key={column.id} scope="col" data-align={column.align} aria-sort={isSorted ? direction : undefined}>
              {column.sortBy === undefined ? (
                <span title={column.hint}>{column.header}</span>
              ) : (
                <button type="button" className={classes.sort} title={column.hint} onClick={() => onSort(column)}>
                  {column.header}
                  {isSorted && <Arrow size={12} stroke={2} aria-hidden />}
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

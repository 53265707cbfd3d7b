'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useRouter } from 'next/navigation'
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useUrlState } from '../../../lib/web/use-url-state.ts'
import type { Column } from './column.ts'
import classes from './data-table.module.css'
import { DataTableHead } from './data-table-head.tsx'
import { DataTableRow } from './data-table-row.tsx'
import { formatSortOrder, parseSortOrder, toggleSortOrder } from './sort-order.ts'
import { TableToolbar } from './table-toolbar.tsx'
import { useHeldOrder } from './use-held-order.ts'
import { useSortedRows } from './use-sorted-rows.ts'
import { useTableKeys } from './use-table-keys.ts'
import { useTableLayout } from './use-table-layout.ts'

export interface DataTableProps<Row> {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  keyOf: (row: Row) => string
  /** Where a row leads, if anywhere. */
  hrefOf?: (row: Row) => string
  /** `-lag`: the order when the URL names none. */
  defaultSort: string
  /** What the filter looks in. */
  textOf: (row: Row) => string
  /** Switches that belong to this list, beside the filter. */
  controls?: ReactNode
}

const overscanRows = 10
/** The server knows no screen: enough rows for a large one. */
const firstPaint = { width: 1_440, height: 1_000 }

/**
 * A dense list: filter, sort and columns in the URL; only the visible rows are drawn; the order never moves under a
 * pointer or focus.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, rows, columns, keyOf, hrefOf, defaultSort, textOf, controls } = props
  const router = useRouter()
  const [filter, setFilter] = useUrlState('filter')
  const [sortText, setSortText] = useUrlState('sort', defaultSort)
  const [hiddenText, setHiddenText] = useUrlState('hide', extraIds(columns))
  const order = parseSortOrder(sortText)

  const matching = useMemo(() => {
    const typed = filter.trim().toLowerCase()
    return typed === '' ? rows : rows.filter((row) => textOf(row).toLowerCase().includes(typed))
  }, [rows, filter, textOf])
  const sorted = useSortedRows(matching, columns, order)
  const held = useHeldOrder(sorted, keyOf, `${sortText} ${filter}`)
  const hidden = new Set(hiddenText.split(','))
  const { rowHeight, isWide } = useTableLayout()
  const shownColumns = columns.filter((column) => !hidden.has(column.id) && (isWide || !column.isWideOnly))

  const body = useRef<HTMLTableSectionElement>(null)
  const [scrollMargin, setScrollMargin] = useState(0)
  useLayoutEffect(() => {
    if (body.current !== null) setScrollMargin(body.current.getBoundingClientRect().top + window.scrollY)
  }, [])
  const virtualizer = useWindowVirtualizer({
    count: held.rows.length,
    estimateSize: () => rowHeight,
    overscan: overscanRows,
    scrollMargin,
    initialRect: firstPaint,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again because the rows' height changed.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight])

  const open = (index: number) => {
    const row = held.rows[index]
    if (row !== undefined && hrefOf !== undefined) router.push(hrefOf(row))
  }
  const marked = useTableKeys({ count: held.rows.length, reveal: (index) => virtualizer.scrollToIndex(index), open })

  return (
    <>
      <TableToolbar
        filter={filter}
        onFilter={setFilter}
        shown={matching.length}
        total={rows.length}
        columns={columns}
        hidden={hidden}
        onHidden={(ids) => setHiddenText(ids.join(','))}
        isOrderChanged={held.isOrderChanged}
        onApplyOrder={held.applyOrder}
        controls={controls}
      />
      <table
        className={classes.table}
        aria-label={label}
        aria-rowcount={held.rows.length}
        style={{ '--columns': shownColumns.map((column) => column.width).join(' ') }}
      >
        <DataTableHead
          columns={shownColumns}
          order={order}
          onSort={(column) => setSortText(formatSortOrder(toggleSortOrder(order, column.id, column.align === 'end')))}
        />
        <tbody
          ref={body}
          className={classes.body}
          style={{ height: virtualizer.getTotalSize() }}
          onMouseEnter={held.hold}
          onMouseLeave={held.release}
          onFocus={held.hold}
          onBlur={held.release}
        >
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = held.rows[index]
            if (row === undefined) return null
            return (
              <DataTableRow
                key={keyOf(row)}
                row={row}
                columns={shownColumns}
                index={index}
                offset={start - scrollMargin}
                height={rowHeight}
                isMarked={index === marked}
                onOpen={hrefOf === undefined ? undefined : () => open(index)}
              />
            )
          })}
        </tbody>
      </table>
    </>
  )
}

function extraIds<Row>(columns: readonly Column<Row>[]): string {
  return columns
    .filter((column) => column.isExtra)
    .map((column) => column.id)
    .join(',')
}

'use client'

import { createSortedRowModel, rowSortingFeature, type SortFn, tableFeatures, useTable } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Column } from './column.ts'
import type { SortOrder } from './sort-order.ts'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })

/** `orders-2` before `orders-10`. */
const collator = new Intl.Collator('en', { numeric: true })

/** The rows in the reader's order; what is not known comes last whichever way. */
export function useSortedRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: SortOrder,
): readonly Row[] {
  const definitions = useMemo(() => {
    const sortFn: SortFn<typeof features, Row> = (a, b, id) => compareValues(a.getValue(id), b.getValue(id))
    return columns.map(({ id, sortBy }) => ({
      id,
      accessorFn: (row: Row) => sortBy?.(row) ?? undefined,
      sortFn,
      sortUndefined: 'last' as const,
    }))
  }, [columns])
  const sorting = useMemo(() => [{ id: order.id, desc: order.isDescending }], [order.id, order.isDescending])
  const data = useMemo(() => [...rows], [rows])
  const table = useTable({ features, columns: definitions, data, state: { sorting } })
  const { rows: sorted } = table.getRowModel()
  return useMemo(() => sorted.map((row) => row.original), [sorted])
}

function compareValues(left: unknown, right: unknown): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : collator.compare(String(left), String(right))
}

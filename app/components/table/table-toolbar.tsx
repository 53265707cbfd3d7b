'use client'

import { TextInput } from '@mantine/core'
import { type ReactNode, useRef } from 'react'
import { useFormats, useWords } from '../../../lib/web/reader-provider.tsx'
import type { Column } from './column.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import classes from './table-toolbar.module.css'

interface TableToolbarProps<Row> {
  filter: string
  onFilter: (filter: string) => void
  shown: number
  total: number
  columns: readonly Column<Row>[]
  hidden: ReadonlySet<string>
  onHidden: (ids: string[]) => void
  isOrderChanged: boolean
  onApplyOrder: () => void
  controls: ReactNode
}

export function TableToolbar<Row>(props: TableToolbarProps<Row>) {
  const { filter, onFilter, shown, total, columns, hidden, onHidden, isOrderChanged, onApplyOrder, controls } = props
  const words = useWords().common
  const formats = useFormats()
  // Uncontrolled: the URL follows a moment later, and fast typing would lose letters to it.
  const input = useRef<HTMLInputElement>(null)
  const clear = () => {
    if (input.current !== null) input.current.value = ''
    onFilter('')
  }
  return (
    <div className={classes.toolbar}>
      <TextInput
        size="xs"
        className={classes.filter}
        aria-label={words.filter}
        placeholder={`${words.filter} (${words.filterKey})`}
        data-page-filter
        ref={input}
        defaultValue={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          clear()
          event.currentTarget.blur()
        }}
      />
      <span className="quiet nowrap" role="status">
        {shown === total ? formats.exact(total) : words.rowsOf(formats.exact(shown), formats.exact(total))}
      </span>
      {shown === 0 && total > 0 && (
        <span>
          {words.nothingMatches}{' '}
          <button type="button" className={classes.textButton} onClick={clear}>
            {words.clearFilter}
          </button>
        </span>
      )}
      {isOrderChanged && (
        <button type="button" className={classes.chip} title={words.applyOrder} onClick={onApplyOrder}>
          {words.orderChanged}
        </button>
      )}
      <div className={classes.end}>
        {controls}
        <ColumnsMenu columns={columns} hidden={hidden} onHidden={onHidden} />
      </div>
    </div>
  )
}

'use client'

import { Fragment, useState } from 'react'
import type { RecordsPage } from '../../../../lib/contract/record.ts'
import type { BytesView } from '../../../../lib/web/decode-bytes.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import { RecordDetail } from './record-detail.tsx'
import { RecordLine } from './record-line.tsx'
import classes from './records-table.module.css'

interface RecordsTableProps {
  topic: string
  page: RecordsPage
  /** A pointer or the focus has come to the records, or has left them. */
  onHold: (isHeld: boolean) => void
}

export function RecordsTable({ topic, page, onHold }: RecordsTableProps) {
  const words = useWords().records
  const [view] = useUrlState('view', 'auto')
  const [opened, setOpened] = useState<string | undefined>()
  return (
    <table className={classes.table} aria-label={words.title}>
      <thead>
        <tr className={classes.tracks}>
          <th scope="col">{words.time}</th>
          <th scope="col" data-align="end">
            {words.partition}
          </th>
          <th scope="col" data-align="end">
            {words.offset}
          </th>
          <th scope="col">{words.key}</th>
          <th scope="col">{words.value}</th>
          <th scope="col" data-align="end">
            {words.size}
          </th>
        </tr>
      </thead>
      <tbody
        onMouseEnter={() => onHold(true)}
        onMouseLeave={() => onHold(false)}
        onFocus={() => onHold(true)}
        onBlur={() => onHold(false)}
      >
        {page.records.map((record) => {
          const id = `${record.partition}/${record.offset}`
          const isOpen = id === opened
          return (
            <Fragment key={id}>
              <RecordLine
                record={record}
                view={view as BytesView}
                isOpen={isOpen}
                onToggle={() => setOpened(isOpen ? undefined : id)}
              />
              {isOpen && <RecordDetail topic={topic} record={record} view={view as BytesView} />}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

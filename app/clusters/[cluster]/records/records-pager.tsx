'use client'

import { Button } from '@mantine/core'
import { usePathname } from 'next/navigation'
import type { RecordsPage } from '../../../../lib/contract/record.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import classes from './records-browser.module.css'

interface RecordsPagerProps {
  page: RecordsPage
  /** How many the topic has. */
  partitions: number
}

/** Reads on from the page's ends. Offsets order the records of one partition only. */
export function RecordsPager({ page, partitions }: RecordsPagerProps) {
  const words = useWords().records
  const formats = useFormats()
  const pathname = usePathname()
  const [partition] = useUrlState('partition')
  const [limit] = useUrlState('limit', '50')
  const readFrom = (offset: bigint) => {
    const parameters = new URLSearchParams(window.location.search)
    parameters.set('from', 'offset')
    parameters.set('partition', partition || '0')
    parameters.set('offset', String(offset))
    window.history.pushState(null, '', `${pathname}?${parameters}`)
    window.scrollTo({ top: 0 })
  }
  const offsets = page.records.map((record) => BigInt(record.offset)).sort((a, b) => (a < b ? -1 : 1))
  const first = offsets[0] ?? 0n
  const last = offsets.at(-1) ?? 0n
  const bounds = page.partitions.find((each) => String(each.partition) === (partition || '0'))
  const start = BigInt(bounds?.logStartOffset ?? 0)
  const end = bounds?.endOffset == null ? last + 1n : BigInt(bounds.endOffset)
  const before = first - BigInt(limit)
  return (
    <div className={classes.pager}>
      <span className="quiet">{words.readAt(formats.exact(page.records.length), formats.time(page.readAtMs))}</span>
      {partition === '' && partitions > 1 ? (
        <span className="quiet">{words.pagingNeedsPartition}</span>
      ) : (
        <>
          <Button variant="default" disabled={first <= start} onClick={() => readFrom(before > start ? before : start)}>
            {words.older}
          </Button>
          <Button variant="default" disabled={last + 1n >= end} onClick={() => readFrom(last + 1n)}>
            {words.newer}
          </Button>
        </>
      )}
    </div>
  )
}

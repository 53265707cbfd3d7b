'use client'

import type { KafkaRecord, RecordBytes } from '../../../../lib/contract/record.ts'
import { type BytesView, decodeBytes } from '../../../../lib/web/decode-bytes.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../components/figure/figure.tsx'
import { Instant } from '../../../components/figure/instant.tsx'
import classes from './records-table.module.css'

interface RecordLineProps {
  record: KafkaRecord
  view: BytesView
  isOpen: boolean
  onToggle: () => void
}

/** More would not fit in a line, and decoding a megabyte for it would be felt. */
const shownCharsMax = 300

export function RecordLine({ record, view, isOpen, onToggle }: RecordLineProps) {
  const words = useWords().records
  const write = (bytes: RecordBytes | null, missing: string) => {
    if (bytes === null) return <span className="quiet">{missing}</span>
    if (bytes.sizeBytes === 0) return <span className="quiet">{words.emptyBytes}</span>
    const isHex = view === 'hex' || (view === 'auto' && bytes.looksLike === 'binary')
    return decodeBytes(bytes, isHex ? 'hex' : 'text').text.slice(0, shownCharsMax)
  }
  return (
    <tr className={`${classes.tracks} ${classes.line}`} data-open={isOpen || undefined} onClick={onToggle}>
      <td>
        <Instant atMs={record.timestampMs} withAge={false} />
      </td>
      <td data-align="end" className="mono">
        {record.partition}
      </td>
      <td data-align="end" className="mono">
        {record.offset}
      </td>
      <td className="mono">{write(record.key, words.nullKey)}</td>
      <td className="mono">
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={isOpen}
          title={words.expand}
          onClick={(event) => {
            event.stopPropagation()
            onToggle()
          }}
        >
          {write(record.value, words.nullValue)}
        </button>
      </td>
      <td data-align="end" className="quiet">
        <Figure value={(record.key?.sizeBytes ?? 0) + (record.value?.sizeBytes ?? 0)} unit="bytes" />
      </td>
    </tr>
  )
}

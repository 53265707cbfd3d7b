'use client'

import type { KafkaRecord } from '../../../../lib/contract/record.ts'
import type { BytesView } from '../../../../lib/web/decode-bytes.ts'
import { decodeBytes } from '../../../../lib/web/decode-bytes.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { Instant } from '../../../components/figure/instant.tsx'
import { RecordBytesView } from './record-bytes-view.tsx'
import classes from './records-table.module.css'

interface RecordDetailProps {
  topic: string
  record: KafkaRecord
  view: BytesView
}

export function RecordDetail({ topic, record, view }: RecordDetailProps) {
  const words = useWords().records
  const formats = useFormats()
  return (
    <tr className={classes.detail}>
      <td>
        <div className={classes.facts}>
          <span className="mono">
            {topic}/{record.partition}@{record.offset}
          </span>
          <span>
            <Instant atMs={record.timestampMs} /> {words.timestampTypes[record.timestampType]}
          </span>
          {record.timestampMs !== null && <span>{formats.instant.full(record.timestampMs)}</span>}
          <span>
            {words.compression} {record.compression}
          </span>
        </div>
        <RecordBytesView label={words.key} bytes={record.key} missing={words.nullKey} view={view} />
        <RecordBytesView label={words.value} bytes={record.value} missing={words.nullValue} view={view} />
        <div>
          <strong>{words.headers}</strong>
          {record.headers.length === 0 ? (
            <span className="quiet"> {words.noHeaders}</span>
          ) : (
            <dl className={classes.headers}>
              {record.headers.map((header, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a key may come twice, and headers never move.
                <div key={index} style={{ display: 'contents' }}>
                  <dt className="mono quiet">{header.key}</dt>
                  <dd className="mono">{header.value === null ? 'null' : decodeBytes(header.value, 'auto').text}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      </td>
    </tr>
  )
}

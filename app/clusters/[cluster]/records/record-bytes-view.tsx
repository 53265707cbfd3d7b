'use client'

import type { RecordBytes } from '../../../../lib/contract/record.ts'
import { type BytesView, decodeBytes } from '../../../../lib/web/decode-bytes.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { CopyButton } from '../../../components/text/copy-button.tsx'
import classes from './records-table.module.css'

interface RecordBytesViewProps {
  label: string
  bytes: RecordBytes | null
  missing: string
  view: BytesView
}

export function RecordBytesView({ label, bytes, missing, view }: RecordBytesViewProps) {
  const words = useWords().records
  const formats = useFormats()
  const decoded = bytes === null ? undefined : decodeBytes(bytes, view)
  return (
    <div>
      <div className={classes.bytesHead}>
        <strong>{label}</strong>
        {bytes === null || decoded === undefined ? (
          <span className="quiet">{missing}</span>
        ) : (
          <>
            <span className="quiet">{formats.bytes(bytes.sizeBytes)}</span>
            <CopyButton text={decoded.text} />
            {decoded.isFallback && <span className="quiet">{words.notJson}</span>}
            {bytes.isTruncated && (
              <span className="quiet">
                {words.truncated(formats.bytes(decoded.sizeBytes), formats.bytes(bytes.sizeBytes))}
              </span>
            )}
          </>
        )}
      </div>
      {decoded !== undefined && decoded.text !== '' && (
        <pre className={`${classes.bytes} ${decoded.view === 'hex' ? classes.hex : ''}`}>{decoded.text}</pre>
      )}
    </div>
  )
}

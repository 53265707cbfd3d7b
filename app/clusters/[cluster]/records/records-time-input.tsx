'use client'

import { TextInput } from '@mantine/core'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'

/** A local time in the browser's zone; the URL keeps the instant, which is the same for a colleague elsewhere. */
export function RecordsTimeInput() {
  const words = useWords().records
  const [time, setTime] = useUrlState('time')
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      step={1}
      label={words.time}
      value={time === '' ? '' : toLocalInput(Number(time))}
      onChange={(event) => {
        const atMs = new Date(event.currentTarget.value).getTime()
        if (Number.isFinite(atMs)) setTime(String(atMs))
      }}
    />
  )
}

function toLocalInput(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19)
}

'use client'

import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { type RecordPlace, recordPlaces } from '../../../../lib/web/records-search.ts'
import { useUrlState } from '../../../../lib/web/use-url-state.ts'
import classes from './records-browser.module.css'
import { RecordsTimeInput } from './records-time-input.tsx'

interface RecordsControlsProps {
  partitions: number
  isReading: boolean
  onRead: () => void
}

const limits = ['20', '50', '100', '200', '500']
const views = ['auto', 'text', 'json', 'hex'] as const

/** Where to read and how to show; all of it in the URL. */
export function RecordsControls({ partitions, isReading, onRead }: RecordsControlsProps) {
  const words = useWords().records
  const [from, setFrom] = useUrlState('from', 'newest')
  const [partition, setPartition] = useUrlState('partition')
  const [offset, setOffset] = useUrlState('offset')
  const [limit, setLimit] = useUrlState('limit', '50')
  const [view, setView] = useUrlState('view', 'auto')
  const [typedOffset, setTypedOffset] = useState(offset)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (from === 'offset' && typedOffset !== offset) setOffset(typedOffset)
    else onRead()
  }
  return (
    <form className={classes.controls} onSubmit={submit}>
      <NativeSelect
        label={words.from}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value as RecordPlace)}
        data={recordPlaces.map((place) => ({ value: place, label: words.fromChoices[place] }))}
      />
      {from === 'offset' && (
        <TextInput
          size="xs"
          className={classes.short}
          label={words.offset}
          inputMode="numeric"
          value={typedOffset}
          error={offsetFault(typedOffset, partition, words)}
          onChange={(event) => setTypedOffset(event.currentTarget.value.trim())}
        />
      )}
      {from === 'time' && <RecordsTimeInput />}
      <NativeSelect
        className={classes.short}
        label={words.partition}
        value={partition}
        onChange={(event) => setPartition(event.currentTarget.value)}
        data={[
          { value: '', label: words.allPartitions },
          ...Array.from({ length: partitions }, (_, index) => String(index)),
        ]}
      />
      <NativeSelect
        className={classes.short}
        label={words.limit}
        value={limit}
        onChange={(event) => setLimit(event.currentTarget.value)}
        data={limits}
      />
      <Button type="submit" variant="default" loading={isReading}>
        {words.read}
      </Button>
      <div className={classes.end}>
        <SegmentedControl
          size="xs"
          aria-label={words.show}
          value={view}
          onChange={setView}
          data={views.map((each) => ({ value: each, label: words.views[each] }))}
        />
      </div>
    </form>
  )
}

function offsetFault(offset: string, partition: string, words: { fromBadOffset: string; needsPartition: string }) {
  if (offset !== '' && !/^\d{1,19}$/.test(offset)) return words.fromBadOffset
  return partition === '' ? words.needsPartition : undefined
}

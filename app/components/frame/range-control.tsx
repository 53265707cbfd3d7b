'use client'

import { SegmentedControl } from '@mantine/core'
import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import { rangeNames } from '../../../lib/web/time-range.ts'
import { useTimeRange } from '../../../lib/web/use-time-range.ts'
import classes from './top-bar.module.css'

export function RangeControl() {
  const words = useWords().frame
  const formats = useFormats()
  const now = useNow()
  const [range, setRange] = useTimeRange()
  return (
    <div className={classes.range}>
      {!('name' in range) && (
        <button
          type="button"
          className={classes.search}
          onClick={() => setRange({ name: '1h' })}
          title={words.leaveCustomRange}
        >
          {words.customRange(formats.time(range.fromMs), formats.time(range.toMs))} ✕
        </button>
      )}
      <SegmentedControl
        size="xs"
        aria-label={words.range}
        value={'name' in range ? range.name : ''}
        onChange={(name) => setRange({ name: name as (typeof rangeNames)[number] })}
        data={rangeNames.map((name) => ({ value: name, label: words.ranges[name] }))}
      />
      <span className={classes.zone} title={formats.zone}>
        {formats.zoneName(now)}
      </span>
    </div>
  )
}

'use client'

import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import classes from './topic-create-form.module.css'

interface RetentionFieldProps {
  value: string
  defaultMs: string
  error: string | undefined
  onChange: (value: string) => void
}

const hourMs = 3_600_000
const presets = {
  hour: hourMs,
  day: 24 * hourMs,
  week: 7 * 24 * hourMs,
  month: 30 * 24 * hourMs,
  year: 365 * 24 * hourMs,
  forever: -1,
}

export function RetentionField({ value, defaultMs, error, onChange }: RetentionFieldProps) {
  const words = useWords().topicActs
  const formats = useFormats()
  const isPreset = value === '' || Object.values(presets).some((ms) => String(ms) === value)
  const [isCustom, setIsCustom] = useState(false)
  const shown = Number(defaultMs) < 0 ? words.retentionChoices.forever : formats.duration(Number(defaultMs))
  const choose = (choice: string) => {
    setIsCustom(choice === 'custom')
    if (choice !== 'custom') onChange(choice)
  }
  return (
    <div className={classes.pair}>
      <NativeSelect
        size="sm"
        label={words.retention}
        description={words.retentionHelp(shown)}
        value={isCustom || !isPreset ? 'custom' : value}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: '', label: words.retentionDefault(shown) },
          ...Object.entries(presets).map(([name, ms]) => ({
            value: String(ms),
            label: words.retentionChoices[name as keyof typeof presets],
          })),
          { value: 'custom', label: words.retentionCustom },
        ]}
      />
      {(isCustom || !isPreset) && (
        <TextInput
          label={words.retentionMs}
          description="retention.ms"
          inputMode="numeric"
          value={value}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value.trim())}
        />
      )}
    </div>
  )
}

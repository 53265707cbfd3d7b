'use client'

import { Button, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AlertRule, Severity } from '../../../../lib/contract/alert.ts'
import { updateAlertRule } from '../../../../lib/web/acts.ts'
import { alertRulesQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { FormFailure } from '../../../components/form/form-failure.tsx'
import classes from './alerts.module.css'

const severities: readonly Severity[] = ['critical', 'warning', 'info']
const secondsMax = 86_400

export function RuleEditor({ rule }: { rule: AlertRule }) {
  const words = useWords().alerts
  const queryClient = useQueryClient()
  const [forSeconds, setForSeconds] = useState(String(rule.forSeconds))
  const [keepFiring, setKeepFiring] = useState(String(rule.keepFiringSeconds))
  const [severity, setSeverity] = useState(rule.severity)
  const [isEnabled, setIsEnabled] = useState(rule.isEnabled)
  const edited: AlertRule = {
    id: rule.id,
    isEnabled,
    severity,
    forSeconds: Number(forSeconds),
    keepFiringSeconds: Number(keepFiring),
  }
  const saving = useMutation({
    mutationFn: () => updateAlertRule(edited),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: alertRulesQuery().queryKey }),
  })
  const isChanged = (Object.keys(edited) as (keyof AlertRule)[]).some((name) => edited[name] !== rule[name])
  const faultOf = (text: string) => (isSeconds(text) ? undefined : words.secondsFault)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  const { name, detail } = words.rules[rule.id]
  return (
    <form className={classes.rule} onSubmit={submit}>
      <Switch
        aria-label={`${name}: ${words.isEnabled}`}
        checked={isEnabled}
        onChange={(event) => setIsEnabled(event.currentTarget.checked)}
      />
      <div className={classes.ruleText}>
        <strong>{name}</strong>
        <p className="quiet">{detail}</p>
        <FormFailure problem={saving.error} />
      </div>
      <TextInput
        size="xs"
        label={words.for}
        title={words.forHelp}
        rightSection={words.seconds}
        inputMode="numeric"
        value={forSeconds}
        error={faultOf(forSeconds)}
        onChange={(event) => setForSeconds(event.currentTarget.value.trim())}
      />
      <TextInput
        size="xs"
        label={words.keepFiring}
        title={words.keepFiringHelp}
        rightSection={words.seconds}
        inputMode="numeric"
        value={keepFiring}
        error={faultOf(keepFiring)}
        onChange={(event) => setKeepFiring(event.currentTarget.value.trim())}
      />
      <NativeSelect
        label={words.severity}
        value={severity}
        onChange={(event) => setSeverity(event.currentTarget.value as Severity)}
        data={severities.map((each) => ({ value: each, label: words.severities[each] }))}
      />
      <Button
        type="submit"
        variant="default"
        loading={saving.isPending}
        disabled={!isChanged || !isSeconds(forSeconds) || !isSeconds(keepFiring)}
      >
        {isChanged || saving.isIdle ? words.saveRule : words.saved}
      </Button>
    </form>
  )
}

function isSeconds(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= secondsMax
}

'use client'

import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import type { TopicDefaults } from '../../../../../lib/contract/topic.ts'
import { createTopic } from '../../../../../lib/web/acts.ts'
import { topicHref } from '../../../../../lib/web/links.ts'
import { topicsQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { FormFailure } from '../../../../components/form/form-failure.tsx'
import { ConfigFields } from './config-fields.tsx'
import { RetentionField } from './retention-field.tsx'
import classes from './topic-create-form.module.css'
import { defaultValue, findDraftFaults, hasFault, toCreateTopicInput } from './topic-draft.ts'
import { TopicSummary } from './topic-summary.tsx'
import { useFieldErrors } from './use-field-errors.ts'
import { useTopicCheck } from './use-topic-check.ts'
import { useTopicDraft } from './use-topic-draft.ts'

interface TopicCreateFormProps {
  cluster: string
  defaults: TopicDefaults
  existing: readonly string[]
}

/** Checked while typing by Kafka's rules, and when typing pauses by the cluster itself. */
export function TopicCreateForm({ cluster, defaults, existing }: TopicCreateFormProps) {
  const words = useWords().topicActs
  const router = useRouter()
  const queryClient = useQueryClient()
  const { draft, change, forget, isRestored } = useTopicDraft(cluster)
  const [isTried, setIsTried] = useState(false)
  const creation = useMutation({
    mutationFn: () => createTopic(cluster, toCreateTopicInput(draft)),
    onSuccess: async ({ name }) => {
      forget()
      router.push(topicHref(cluster, name))
      await queryClient.invalidateQueries({ queryKey: topicsQuery(cluster).queryKey })
    },
  })
  // While our own creation is under way the list may already hold it: that is not "taken".
  const others = creation.isIdle || creation.isError ? existing : []
  const faults = findDraftFaults(draft, defaults, others)
  const isSound = !hasFault(faults)
  const asked = useTopicCheck(cluster, draft, isSound)
  const errors = useFieldErrors({
    draft,
    faults,
    isTried,
    fields: [...(asked.check?.fields ?? []), ...(creation.error?.fields ?? [])],
  })
  const changeConfig = (name: string, value: string) => change({ configs: { ...draft.configs, [name]: value } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (isSound) creation.mutate()
  }
  const cleanupDefault = defaultValue(defaults, 'cleanup.policy')
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <div className={classes.fields}>
        {isRestored && (
          <p className="quiet">
            {words.draftKept}{' '}
            <button type="button" className={classes.textButton} onClick={forget}>
              {words.discardDraft}
            </button>
          </p>
        )}
        <TextInput
          label={words.name}
          description={words.nameHelp}
          value={draft.name}
          error={errors.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          autoComplete="off"
          spellCheck={false}
          autoFocus
          styles={{ input: { fontFamily: 'var(--font-code)' } }}
        />
        <div className={classes.pair}>
          <TextInput
            label={words.partitions}
            description={words.partitionsHelp(defaults.partitions)}
            placeholder={String(defaults.partitions)}
            inputMode="numeric"
            value={draft.partitions}
            error={errors.partitions}
            onChange={(event) => change({ partitions: event.currentTarget.value.trim() })}
          />
          <TextInput
            label={words.replication}
            description={words.replicationHelp(defaults.replicationFactor, defaults.brokers)}
            placeholder={String(defaults.replicationFactor)}
            inputMode="numeric"
            value={draft.replicationFactor}
            error={errors.replicationFactor}
            onChange={(event) => change({ replicationFactor: event.currentTarget.value.trim() })}
          />
        </div>
        <div className={classes.pair}>
          <TextInput
            label={words.minInSync}
            description={words.minInSyncHelp(defaultValue(defaults, 'min.insync.replicas'))}
            placeholder={defaultValue(defaults, 'min.insync.replicas')}
            inputMode="numeric"
            value={draft.configs['min.insync.replicas'] ?? ''}
            error={errors.config('min.insync.replicas')}
            onChange={(event) => changeConfig('min.insync.replicas', event.currentTarget.value.trim())}
          />
          <NativeSelect
            size="sm"
            label={words.cleanup}
            description={words.cleanupHelp}
            value={draft.configs['cleanup.policy'] || cleanupDefault}
            error={errors.config('cleanup.policy')}
            onChange={(event) =>
              changeConfig(
                'cleanup.policy',
                event.currentTarget.value === cleanupDefault ? '' : event.currentTarget.value,
              )
            }
            data={Object.entries(words.cleanupChoices).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <RetentionField
          value={draft.configs['retention.ms'] ?? ''}
          defaultMs={defaultValue(defaults, 'retention.ms')}
          error={errors.config('retention.ms')}
          onChange={(value) => changeConfig('retention.ms', value)}
        />
        <ConfigFields
          draft={draft}
          defaults={defaults}
          errorOf={errors.config}
          onChange={(configs) => change({ configs })}
        />
        <FormFailure problem={creation.error !== null && creation.error.fields.length === 0 ? creation.error : null} />
        <Button
          type="submit"
          size="sm"
          className={classes.submit}
          loading={creation.isPending}
          disabled={isTried && !isSound}
        >
          {words.submit}
        </Button>
      </div>
      <TopicSummary cluster={cluster} draft={draft} defaults={defaults} isSound={isSound} asked={asked} />
    </form>
  )
}

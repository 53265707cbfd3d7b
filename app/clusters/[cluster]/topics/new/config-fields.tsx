'use client'

import { ActionIcon, Autocomplete, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { TopicDefaults } from '../../../../../lib/contract/topic.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import classes from './topic-create-form.module.css'
import { askedConfigs, type TopicDraft } from './topic-draft.ts'

interface ConfigFieldsProps {
  draft: TopicDraft
  defaults: TopicDefaults
  errorOf: (config: string) => string | undefined
  onChange: (configs: TopicDraft['configs']) => void
}

const asked = new Set<string>(askedConfigs)

/** Any other config that the cluster knows, with what it does. */
export function ConfigFields({ draft, defaults, errorOf, onChange }: ConfigFieldsProps) {
  const words = useWords().topicActs
  const [search, setSearch] = useState('')
  const chosen = Object.keys(draft.configs).filter((name) => !asked.has(name))
  const offered = defaults.configs.filter(({ name }) => !asked.has(name) && !chosen.includes(name))
  const add = (name: string) => {
    setSearch('')
    onChange({ ...draft.configs, [name]: '' })
  }
  const remove = (name: string) => {
    const { [name]: _removed, ...rest } = draft.configs
    onChange(rest)
  }
  return (
    <fieldset className={classes.configs}>
      <legend>{words.otherConfigs}</legend>
      {chosen.map((name) => {
        const config = defaults.configs.find((each) => each.name === name)
        return (
          <div key={name} className={classes.config}>
            <TextInput
              label={name}
              description={`${config?.documentation ?? ''} ${words.configDefault(config?.value ?? '–')}`}
              placeholder={config?.value ?? ''}
              value={draft.configs[name] ?? ''}
              error={errorOf(name)}
              onChange={(event) => onChange({ ...draft.configs, [name]: event.currentTarget.value })}
              spellCheck={false}
            />
            <ActionIcon
              aria-label={words.removeConfig(name)}
              title={words.removeConfig(name)}
              onClick={() => remove(name)}
            >
              <IconX size={14} />
            </ActionIcon>
          </div>
        )
      })}
      <Autocomplete
        size="sm"
        aria-label={words.addConfig}
        placeholder={words.addConfigHint}
        value={search}
        onChange={setSearch}
        onOptionSubmit={add}
        data={offered.map(({ name }) => name)}
        filter={({ search: typed }) =>
          offered
            .filter(({ name, documentation }) => `${name} ${documentation}`.toLowerCase().includes(typed.toLowerCase()))
            .map(({ name }) => ({ value: name, label: name }))
        }
        limit={12}
      />
    </fieldset>
  )
}

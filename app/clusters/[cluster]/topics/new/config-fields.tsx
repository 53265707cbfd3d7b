'use client'

import { ActionIcon, Autocomplete, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ConfigEntry } from '../../../../../lib/contract/config-entry.ts'
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
  const chosen = Object.keys(draft.configs).filter((name) => !asked.has(name))
  const offered = defaults.configs.filter(({ name }) => !asked.has(name) && !chosen.includes(name))
  const add = (name: string) => onChange({ ...draft.configs, [name]: '' })
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
        // Begins anew with each config that is added.
        key={chosen.length}
        size="sm"
        aria-label={words.addConfig}
        placeholder={words.addConfigHint}
        onOptionSubmit={add}
        data={offered.map(({ name }) => name)}
        filter={({ search }) => findConfigs(offered, search).map(({ name }) => ({ value: name, label: name }))}
        limit={12}
      />
    </fieldset>
  )
}

/** Those whose name has what was typed come before those that only tell of it. */
function findConfigs(configs: readonly ConfigEntry[], search: string): ConfigEntry[] {
  const typed = search.trim().toLowerCase()
  const named = configs.filter(({ name }) => name.includes(typed))
  const described = configs.filter((config) => config.documentation?.toLowerCase().includes(typed))
  return [...new Set([...named, ...described])]
}

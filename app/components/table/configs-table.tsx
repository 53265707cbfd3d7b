'use client'

import { Switch } from '@mantine/core'
import { useMemo } from 'react'
import type { ConfigEntry } from '../../../lib/contract/config-entry.ts'
import type { Dictionary } from '../../../lib/format/english.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../lib/web/use-url-state.ts'
import type { Column } from './column.ts'
import { DataTable } from './data-table.tsx'

/** Every config with where its value comes from; what was set for this very thing stands out. */
export function ConfigsTable({ configs }: { configs: readonly ConfigEntry[] }) {
  const words = useWords()
  const [changed, setChanged] = useUrlState('changed')
  const shown = useMemo(
    () => (changed === '1' ? configs.filter((config) => !config.isDefault) : configs),
    [configs, changed],
  )
  const columns = useMemo(() => configColumns(words), [words])
  return (
    <>
      <DataTable
        label={words.topics.tabs.configs}
        rows={shown}
        columns={columns}
        keyOf={nameOf}
        defaultSort="name"
        textOf={textOf}
        controls={
          <Switch
            size="xs"
            label={words.topics.onlyChanged}
            checked={changed === '1'}
            onChange={(event) => setChanged(event.currentTarget.checked ? '1' : '')}
          />
        }
      />
      {shown.length === 0 && <p className="quiet">{words.topics.noneChanged}</p>}
    </>
  )
}

const nameOf = (config: ConfigEntry) => config.name
const textOf = (config: ConfigEntry) => `${config.name} ${config.value ?? ''}`

function configColumns({ topics }: Dictionary): Column<ConfigEntry>[] {
  return [
    {
      id: 'name',
      header: topics.config,
      width: 'minmax(220px, 2fr)',
      cell: (config) => (
        <span className="mono" title={config.name} style={{ fontWeight: config.isDefault ? 400 : 600 }}>
          {config.name}
        </span>
      ),
      sortBy: (config) => config.name,
      narrow: 'lead',
    },
    {
      id: 'value',
      header: topics.value,
      width: 'minmax(160px, 2fr)',
      cell: (config) => (
        <span className="mono" title={config.value ?? undefined} style={{ fontWeight: config.isDefault ? 400 : 600 }}>
          {config.isSensitive ? topics.sensitive : (config.value ?? '–')}
        </span>
      ),
      sortBy: (config) => config.value,
      narrow: 'figure',
    },
    {
      id: 'source',
      header: topics.source,
      width: '130px',
      cell: (config) => <span className="quiet">{topics.sources[config.source]}</span>,
      sortBy: (config) => config.source,
      narrow: 'state',
    },
    {
      id: 'documentation',
      header: topics.documentation,
      width: 'minmax(0, 4fr)',
      cell: (config) => (
        <span className="quiet" title={config.documentation ?? undefined}>
          {config.documentation}
        </span>
      ),
    },
  ]
}

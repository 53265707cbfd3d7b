'use client'

import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import type { DraftFaults, TopicDraft } from './topic-draft.ts'

interface FieldErrorsOptions {
  draft: TopicDraft
  faults: DraftFaults
  /** Until somebody tries to create, an empty name is no reproach. */
  isTried: boolean
  /** What the cluster says, by `name`, `partitions`, `replicationFactor`, `configs.<name>`. */
  fields: readonly { path: string; message: string; level?: 'error' | 'warning' }[]
}

/** What stands at each field: our own rule first, then the cluster's word. */
export function useFieldErrors({ draft, faults, isTried, fields }: FieldErrorsOptions) {
  const words = useWords().topicActs
  const said = (path: string) => fields.find((field) => field.path === path && field.level !== 'warning')?.message
  const isNameShown = draft.name !== '' || isTried
  return {
    name: faults.name === undefined ? said('name') : isNameShown ? words.nameFault(faults.name) : undefined,
    partitions: faults.partitions === undefined ? said('partitions') : words.configFault(faults.partitions),
    replicationFactor:
      faults.replicationFactor === undefined ? said('replicationFactor') : words.configFault(faults.replicationFactor),
    config: (name: string) => {
      const fault = faults.configs[name]
      return fault === undefined ? said(`configs.${name}`) : words.configFault(fault)
    },
  }
}

import type { CreateTopicInput, TopicDefaults } from '../../../../../lib/contract/topic.ts'
import { type ConfigValueFault, findConfigValueFault } from '../../../../../lib/domain/topic-config-value.ts'
import { findTopicNameFault, type TopicNameFault } from '../../../../../lib/domain/topic-name.ts'
import { findTopicWarnings, type TopicWarning } from '../../../../../lib/domain/topic-warnings.ts'

/** What is typed, as it is typed. Empty is the cluster's default. */
export interface TopicDraft {
  name: string
  partitions: string
  replicationFactor: string
  /** By config name; the three that the form asks for by themselves are here too. */
  configs: Readonly<Record<string, string>>
}

export const emptyDraft: TopicDraft = { name: '', partitions: '', replicationFactor: '', configs: {} }

/** Configs with a field of their own. */
export const askedConfigs = ['min.insync.replicas', 'cleanup.policy', 'retention.ms'] as const

export interface DraftFaults {
  name: TopicNameFault | undefined
  partitions: ConfigValueFault | undefined
  replicationFactor: ConfigValueFault | undefined
  configs: Readonly<Record<string, ConfigValueFault>>
}

const partitionsMax = 10_000

export function findDraftFaults(draft: TopicDraft, defaults: TopicDefaults, existing: readonly string[]): DraftFaults {
  const configs: Record<string, ConfigValueFault> = {}
  for (const [name, value] of Object.entries(draft.configs)) {
    const entry = defaults.configs.find((config) => config.name === name)
    const fault = entry && value !== '' ? findConfigValueFault(entry, value) : undefined
    if (fault !== undefined) configs[name] = fault
  }
  return {
    name: findTopicNameFault(draft.name, existing),
    partitions: findCountFault(draft.partitions, partitionsMax),
    replicationFactor: findCountFault(draft.replicationFactor, defaults.brokers),
    configs,
  }
}

export function hasFault(faults: DraftFaults): boolean {
  return (
    faults.name !== undefined ||
    faults.partitions !== undefined ||
    faults.replicationFactor !== undefined ||
    Object.keys(faults.configs).length > 0
  )
}

export function toCreateTopicInput(draft: TopicDraft): CreateTopicInput {
  const configs = Object.fromEntries(Object.entries(draft.configs).filter(([, value]) => value !== ''))
  return {
    name: draft.name,
    partitions: draft.partitions === '' ? null : Number(draft.partitions),
    replicationFactor: draft.replicationFactor === '' ? null : Number(draft.replicationFactor),
    configs,
  }
}

export interface TopicPlan {
  partitions: number
  replicationFactor: number
  /** All replicas once retention.bytes is reached; `undefined` when it is not set. */
  bytesMax: number | undefined
  warnings: TopicWarning[]
}

/** What will exist. Call it only for a draft without faults. */
export function planTopic(draft: TopicDraft, defaults: TopicDefaults): TopicPlan {
  const partitions = draft.partitions === '' ? defaults.partitions : Number(draft.partitions)
  const replicationFactor =
    draft.replicationFactor === '' ? defaults.replicationFactor : Number(draft.replicationFactor)
  const effective = (name: string) => draft.configs[name] || defaultValue(defaults, name)
  const retentionBytes = Number(effective('retention.bytes') || -1)
  return {
    partitions,
    replicationFactor,
    bytesMax: retentionBytes < 0 ? undefined : retentionBytes * partitions * replicationFactor,
    warnings: findTopicWarnings({
      name: draft.name,
      partitions,
      replicationFactor,
      minInSync: Number(effective('min.insync.replicas') || 1),
      brokers: defaults.brokers,
      cleanupPolicy: effective('cleanup.policy'),
      retentionMs: Number(effective('retention.ms') || -1),
      retentionBytes,
    }),
  }
}

export function defaultValue(defaults: TopicDefaults, name: string): string {
  return defaults.configs.find((config) => config.name === name)?.value ?? ''
}

/** The same topic by Kafka's own tool. */
export function writeTopicCommand(draft: TopicDraft, bootstrap: string): string {
  const { name, partitions, replicationFactor, configs } = toCreateTopicInput(draft)
  const parts = [`kafka-topics --bootstrap-server ${bootstrap}`, `--create --topic ${name}`]
  if (partitions !== null) parts.push(`--partitions ${partitions}`)
  if (replicationFactor !== null) parts.push(`--replication-factor ${replicationFactor}`)
  for (const [config, value] of Object.entries(configs)) parts.push(`--config ${config}=${value}`)
  return parts.join(' \\\n  ')
}

function findCountFault(text: string, max: number): ConfigValueFault | undefined {
  if (text === '') return undefined
  if (!/^\d+$/.test(text)) return { code: 'notInteger' }
  if (Number(text) < 1) return { code: 'belowMin', min: '1' }
  return Number(text) > max ? { code: 'aboveMax', max: String(max) } : undefined
}

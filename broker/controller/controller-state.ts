import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { BrokerImage } from '../metadata/broker-image.ts'
import { brokerConfigLayers, type ConfigLayer } from '../metadata/config-layers.ts'
import type { MetadataImage } from '../metadata/image.ts'
import type { PartitionImage } from '../metadata/partition-image.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { findTopicConfig } from '../metadata/topic-config.ts'
import { effectiveTopicConfig } from '../metadata/topic-config-sources.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { changePartition, type PartitionChange, type PartitionTransition } from './partition-change.ts'

/** What the controller's decisions are made from. Functions that take it read it and change nothing. */
export interface ControllerState {
  readonly image: MetadataImage
  /** The broker properties that the controller's own process was started with. */
  readonly properties: ReadonlyMap<string, string>
  readonly settings: BrokerSettings
  /** At least 0, below 1. */
  readonly random: () => number
  readonly newTopicId: () => string
}

/** The records that a request leads to, all or none of which are written, and its answer. */
export interface Decision<Response> {
  readonly records: readonly MetadataRecordBody[]
  readonly response: Response
}

/** A broker that may lead and be in sync. */
export function isActiveBroker(state: ControllerState, brokerId: number): boolean {
  const broker = state.image.brokers.get(brokerId)
  return broker !== undefined && isActive(broker)
}

export function isActive(broker: BrokerImage): boolean {
  return !broker.isFenced && !broker.isShuttingDown
}

/** The layers below a topic's own configs. One broker's own dynamic configs are not among them: topics live on many. */
export function clusterConfigLayers(state: ControllerState): readonly ConfigLayer[] {
  return brokerConfigLayers({ properties: state.properties, dynamic: { image: state.image, brokerId: -1 } })
}

function topicConfigValue(state: ControllerState, topic: string, name: string): string | null {
  const definition = findTopicConfig(name)
  if (definition === undefined) return null
  return effectiveTopicConfig(definition, state.image.topicConfigs(topic), clusterConfigLayers(state))
}

/** Kafka caps it at the number of replicas: otherwise the topic could never be written to. */
export function effectiveMinIsr(state: ControllerState, topic: TopicImage): number {
  const minIsr = Number(topicConfigValue(state, topic.name, 'min.insync.replicas'))
  return Math.min(minIsr, topic.partitions[0]?.replicas.length ?? minIsr)
}

/** Whether account is kept of who may lead without loss while too few replicas are in sync (KIP-966). */
export function isElrEnabled({ image }: ControllerState): boolean {
  return image.features.get('eligible.leader.replicas.version') !== 0
}

/** The election that happens by itself when a partition loses its leader. */
export function automaticElection(state: ControllerState, topic: TopicImage): 'online' | 'unclean' {
  return allowsUncleanElections(state, topic) ? 'unclean' : 'online'
}

export function allowsUncleanElections(state: ControllerState, { name }: TopicImage): boolean {
  return isTrue(topicConfigValue(state, name, 'unclean.leader.election.enable'))
}

/** Of a boolean config as it was written: Kafka takes ` TRUE ` too. */
export function isTrue(value: string | null | undefined): boolean {
  return value?.trim().toLowerCase() === 'true'
}

/** The changes of those partitions for which `transitionOf` gives a transition. */
export function changePartitions(
  state: ControllerState,
  transitionOf: (
    partition: PartitionImage,
    topic: TopicImage,
    partitionId: number,
  ) => Pick<PartitionTransition, 'canLead' | 'election' | 'targetIsr' | 'uncleanReplica'> | undefined,
): PartitionChange[] {
  const changes: PartitionChange[] = []
  for (const topic of state.image.topics.values()) {
    const minIsr = effectiveMinIsr(state, topic)
    for (const [partitionId, partition] of topic.partitions.entries()) {
      const transition = transitionOf(partition, topic, partitionId)
      if (transition === undefined) continue
      const isElrUsed = isElrEnabled(state)
      const change = changePartition({ topicId: topic.id, partitionId, partition, minIsr, isElrUsed, ...transition })
      if (change !== undefined) changes.push(change)
    }
  }
  return changes
}

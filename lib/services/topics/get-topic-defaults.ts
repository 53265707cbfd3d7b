import { randomUUID } from 'node:crypto'
import type { ConfigEntry } from '../../contract/config-entry.ts'
import type { TopicDefaults } from '../../contract/topic.ts'
import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import type { ClusterSnapshot } from '../../monitor/snapshot.ts'
import { adminConnection, type ClusterHandle, requireSnapshot } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { readBrokerConfigs, readTopicConfigs } from '../read-configs.ts'
import { ServiceError } from '../service-error.ts'
import { createAtCluster } from './create-at-cluster.ts'
import { topicConfigSynonym } from './topic-config-synonym.ts'

/**
 * What a new topic gets when its creator says nothing. The cluster itself answers, by a topic that it is asked to
 * validate and not to create; types and documentation are an existing topic's, or where there is none the broker's.
 */
export function getTopicDefaults(cluster: ClusterHandle): Promise<TopicDefaults> {
  const snapshot = requireSnapshot(cluster)
  const connection = adminConnection(cluster)
  const online = [...snapshot.brokers.values()].filter(({ isOnline }) => isOnline)
  const [broker] = online
  if (broker === undefined) throw new ServiceError('cluster_unreachable', 'No broker is up.')
  return withRefusals(async () => {
    const name = `eyrie-defaults-${randomUUID()}`
    const input = { name, partitions: 1, replicationFactor: 1, configs: {} }
    const [planned, ofBroker, described] = await Promise.all([
      createAtCluster(connection, input, true),
      readBrokerConfigs(connection, broker.id),
      describeAnyTopic(connection, snapshot),
    ])
    const brokerConfigs = new Map(ofBroker.map((config) => [config.name, config]))
    const number = (config: string) => Number(brokerConfigs.get(config)?.value ?? 1)
    return {
      configs: [...planned.configs]
        .map(([config, value]) =>
          entryOf(config, value, described.get(config), brokerConfigs.get(topicConfigSynonym(config))),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      partitions: number('num.partitions'),
      replicationFactor: number('default.replication.factor'),
      brokers: online.length,
    }
  })
}

async function describeAnyTopic(
  connection: ClusterConnection,
  { topics }: ClusterSnapshot,
): Promise<Map<string, ConfigEntry>> {
  const [topic] = topics.keys()
  if (topic === undefined) return new Map()
  return new Map((await readTopicConfigs(connection, topic)).map((config) => [config.name, config]))
}

/** The value is the cluster's; where it comes from is the broker's config that it falls back to. */
function entryOf(
  name: string,
  value: string | null,
  described: ConfigEntry | undefined,
  synonym: ConfigEntry | undefined,
): ConfigEntry {
  return {
    name,
    value,
    isDefault: true,
    isReadOnly: false,
    isSensitive: described?.isSensitive ?? false,
    source: synonym?.source ?? 'default',
    type: described?.type ?? synonym?.type ?? 'unknown',
    documentation: described?.documentation ?? synonym?.documentation ?? null,
    synonyms: synonym === undefined ? [] : [{ name: synonym.name, value: synonym.value, source: synonym.source }],
  }
}

import {
  atLeast,
  boolean,
  type ConfigDefinition,
  type ConfigValues,
  int,
  list,
  long,
  longMax,
  oneOf,
  parseConfig,
  parseConfigs,
  string,
} from './config-definition.ts'
import { brokerConfigLayers, type ConfigLayer } from './config-layers.ts'
import { consumerGroupBrokerConfigs } from './consumer-group-broker-config.ts'
import { groupBrokerConfigs } from './group-broker-config.ts'
import { inertBrokerConfigs } from './inert-broker-config.ts'
import { logBrokerConfigs } from './log-broker-config.ts'
import { securityConfigDefinitions } from './security-config.ts'
import { shareBrokerConfigs } from './share-broker-config.ts'
import { transactionBrokerConfigs } from './transaction-broker-config.ts'

/** The one selector that there is; Kafka loads any class of this kind. */
export const rackAwareReplicaSelector = 'org.apache.kafka.common.replica.RackAwareReplicaSelector'

/** Set and cleared by ReassignPartitionsCommand, for each broker by itself. */
const replicationThrottle = <const Name extends string>(name: Name, documentation: string) =>
  long(name, { default: longMax, documentation, update: 'cluster-wide', isInternal: true, findProblem: atLeast(0) })

/** The broker configs that this broker has, with Kafka's names and, where nothing else is said, its defaults. */
const brokerConfigDefinitions = [
  int('node.id', { default: null, documentation: 'This broker’s id in the cluster.' }),
  string('broker.rack', { default: null, documentation: 'Replicas are spread over racks.' }),
  list('listeners', { default: '', documentation: 'Where clients connect.' }),
  list('advertised.listeners', { default: null, documentation: 'Where clients are told to connect.' }),
  list('log.dirs', { default: null, documentation: 'Where the partitions are kept.' }),
  list('process.roles', { default: 'broker,controller', documentation: 'Any broker can become the controller.' }),

  ...securityConfigDefinitions,

  boolean('auto.create.topics.enable', {
    default: 'true',
    documentation: 'Create a topic when a client asks for one that does not exist.',
  }),
  boolean('delete.topic.enable', { default: 'true', documentation: 'Whether topics can be deleted.' }),
  int('num.partitions', {
    default: '1',
    documentation: 'Partitions of a topic that is created without a number.',
    findProblem: atLeast(1),
  }),
  int('default.replication.factor', {
    default: '1',
    documentation: 'Replicas of a topic that is created without a number.',
  }),

  int('broker.heartbeat.interval.ms', {
    default: '2000',
    documentation: 'How often a broker reports to the controller.',
  }),
  int('broker.session.timeout.ms', {
    default: '9000',
    documentation: 'A broker that has not reported for this long is fenced.',
  }),
  int('broker.disconnect.grace.ms', {
    default: '200',
    documentation:
      'A broker whose connection to the controller closed is fenced after this time unless it comes back. Apache Kafka ' +
      'has no such config: it waits for broker.session.timeout.ms.',
    findProblem: atLeast(0),
  }),
  boolean('auto.leader.rebalance.enable', {
    default: 'true',
    documentation: 'Move leaderships back to the preferred replicas from time to time.',
  }),
  long('leader.imbalance.check.interval.seconds', {
    default: '300',
    documentation: 'How often leaderships are moved back to the preferred replicas.',
    findProblem: atLeast(1),
  }),
  long('unclean.leader.election.interval.ms', {
    default: '300000',
    documentation: 'How often partitions without a leader are looked at for an unclean election.',
    isInternal: true,
    findProblem: atLeast(1),
  }),

  long('metadata.log.max.record.bytes.between.snapshots', {
    default: '20971520',
    documentation:
      'There is a new snapshot of the metadata after this much of its log at the latest; with a small snapshot sooner.',
    findProblem: atLeast(1),
  }),
  long('metadata.log.max.snapshot.interval.ms', {
    default: '3600000',
    documentation: 'There is a new snapshot of the metadata after this time if anything has changed; 0 for never.',
    findProblem: atLeast(0),
  }),

  long('replica.lag.time.max.ms', {
    default: '30000',
    documentation: 'A follower that has not caught up for this long leaves the in-sync replicas.',
  }),
  int('replica.fetch.max.bytes', {
    default: '1048576',
    documentation: 'How much of one partition a follower asks for.',
    findProblem: atLeast(0),
  }),
  int('replica.fetch.response.max.bytes', {
    default: '10485760',
    documentation: 'How much a follower asks for in one request.',
    findProblem: atLeast(0),
  }),
  int('replica.fetch.min.bytes', { default: '1', documentation: 'How little is worth answering a follower for.' }),
  int('replica.fetch.wait.max.ms', {
    default: '500',
    documentation: 'How long a follower’s request waits for records.',
  }),
  int('replica.fetch.backoff.ms', {
    default: '1000',
    documentation: 'How long a follower waits after a failed request.',
    findProblem: atLeast(0),
  }),
  long('replica.high.watermark.checkpoint.interval.ms', {
    default: '5000',
    documentation: 'How often high watermarks are written to disk.',
  }),
  string('replica.selector.class', {
    default: null,
    documentation: `With ${rackAwareReplicaSelector} consumers read from a replica in their own rack.`,
    findProblem: oneOf(rackAwareReplicaSelector, ''),
  }),
  int('max.incremental.fetch.session.cache.slots', {
    default: '1000',
    documentation: 'Clients whose fetches name only what changes; those beyond it name everything each time.',
    findProblem: atLeast(0),
  }),
  int('fetch.max.bytes', {
    default: '57671680',
    documentation: 'The most that one fetch is answered with.',
    findProblem: atLeast(1024),
  }),

  int('socket.request.max.bytes', {
    default: '104857600',
    documentation: 'A larger request ends its connection.',
    findProblem: atLeast(1),
  }),
  int('max.connections', {
    default: '2147483647',
    documentation: 'Connections that are open at once.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  long('connections.max.idle.ms', {
    default: '600000',
    documentation: 'A connection without a request for this long is closed.',
  }),

  ...groupBrokerConfigs,
  int('request.timeout.ms', {
    default: '30000',
    documentation: 'How long a transaction’s markers wait for the in-sync replicas.',
  }),
  ...transactionBrokerConfigs,
  ...consumerGroupBrokerConfigs,
  ...shareBrokerConfigs,
  int('producer.id.expiration.ms', {
    default: '86400000',
    documentation: 'How long the last sequence of an idempotent producer is remembered.',
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),

  ...logBrokerConfigs,
  replicationThrottle(
    'leader.replication.throttled.rate',
    'Bytes a second that are sent to followers of leader.replication.throttled.replicas.',
  ),
  replicationThrottle(
    'follower.replication.throttled.rate',
    'Bytes a second that are copied of follower.replication.throttled.replicas.',
  ),
  replicationThrottle(
    'replica.alter.log.dirs.io.max.bytes.per.second',
    'Accepted without effect: a broker has one log directory.',
  ),
] as const

export type BrokerSettings = ConfigValues<typeof brokerConfigDefinitions>

/** Those that do something, and those that are there for the tools that know of them. */
export const knownBrokerConfigs: readonly ConfigDefinition[] = [...brokerConfigDefinitions, ...inertBrokerConfigs]

const definitionsByName: ReadonlyMap<string, ConfigDefinition> = new Map(
  knownBrokerConfigs.map((definition) => [definition.name, definition]),
)

export function findBrokerConfig(name: string): ConfigDefinition | undefined {
  return definitionsByName.get(name)
}

/** Throws INVALID_CONFIG for a value that Kafka would refuse. Names that this broker does not have are ignored, as Kafka does. */
export function validateBrokerConfigs(configs: ReadonlyMap<string, string>): void {
  for (const [name, text] of configs) {
    const definition = definitionsByName.get(name)
    if (definition !== undefined) parseConfig(definition, text)
  }
}

/** One broker's configs as they apply: dynamic, else its properties, else the default. */
export function resolveBrokerSettings(layers: readonly ConfigLayer[]): BrokerSettings {
  return parseConfigs(brokerConfigDefinitions, ({ name, default: fallback }) => {
    for (const layer of layers) {
      const value = layer.configs.get(name)
      if (value !== undefined) return value
    }
    return fallback
  })
}

/** A broker's settings before it knows of any dynamic config. */
export function resolveStaticBrokerSettings(properties: ReadonlyMap<string, string>): BrokerSettings {
  return resolveBrokerSettings(brokerConfigLayers({ properties }))
}

import type { CreateTopicCheck, CreateTopicInput } from '../../contract/topic.ts'
import { findTopicNameFault, type TopicNameFault } from '../../domain/topic-name.ts'
import { findTopicWarnings, type TopicWarning } from '../../domain/topic-warnings.ts'
import { KafkaError } from '../../kafka/kafka-error.ts'
import type { Acting } from '../acting.ts'
import { adminConnection, requireSnapshot } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { requireRole } from '../require-role.ts'
import { createAtCluster, type PlannedTopic } from './create-at-cluster.ts'

type CheckedField = CreateTopicCheck['fields'][number]

/** What the cluster would say to this topic, and what a colleague would. Creates nothing. */
export async function checkTopic(
  { user, cluster }: Pick<Acting, 'user' | 'cluster'>,
  input: CreateTopicInput,
): Promise<CreateTopicCheck> {
  requireRole(user, 'operator')
  const snapshot = requireSnapshot(cluster)
  const brokers = [...snapshot.brokers.values()].filter(({ isOnline }) => isOnline).length
  const fault = findTopicNameFault(input.name, snapshot.topics.keys())
  const named: CheckedField[] =
    fault === undefined ? [] : [{ path: 'name', level: 'error', message: sentenceOfNameFault(fault) }]
  // A name that cannot be would hide what else the cluster has to say.
  const asked = fault === undefined ? input : { ...input, name: `eyrie-check-${snapshot.tickAtMs}` }
  const answer = await askCluster(() => createAtCluster(adminConnection(cluster), asked, true))
  const warnings = findTopicWarnings({ name: input.name, brokers, ...planOf(input, answer.plan) })
  return {
    isAccepted: named.length === 0 && answer.refused === null,
    fields: [
      ...named,
      ...(answer.refused === null ? [] : [fieldOfRefusal(answer.refused, input)]),
      ...warnings.map(fieldOfWarning),
    ],
    kafkaError: answer.refused?.kafkaError ?? null,
    plan:
      answer.plan === null
        ? null
        : { partitions: answer.plan.partitions, replicationFactor: answer.plan.replicationFactor },
  }
}

async function askCluster(
  ask: () => Promise<PlannedTopic>,
): Promise<{ plan: PlannedTopic; refused: null } | { plan: null; refused: KafkaError }> {
  return withRefusals(async () => {
    try {
      return { plan: await ask(), refused: null }
    } catch (error) {
      if (error instanceof KafkaError) return { plan: null, refused: error }
      throw error
    }
  })
}

/** What warnings look at; where neither form nor cluster says it, a value that none warns of. */
function planOf(input: CreateTopicInput, plan: PlannedTopic | null) {
  const config = (name: string) => input.configs[name] ?? plan?.configs.get(name) ?? undefined
  return {
    partitions: input.partitions ?? plan?.partitions ?? 1,
    replicationFactor: input.replicationFactor ?? plan?.replicationFactor ?? 0,
    minInSync: Number(config('min.insync.replicas') ?? -1),
    cleanupPolicy: config('cleanup.policy') ?? '',
    retentionMs: Number(config('retention.ms') ?? 0),
    retentionBytes: Number(config('retention.bytes') ?? 0),
  }
}

export function fieldOfRefusal({ kafkaError, message }: KafkaError, input: CreateTopicInput): CheckedField {
  const at = (path: string): CheckedField => ({ path, message, level: 'error' })
  switch (kafkaError) {
    case 'INVALID_TOPIC_EXCEPTION':
    case 'TOPIC_ALREADY_EXISTS':
      return at('name')
    case 'INVALID_PARTITIONS':
      return at('partitions')
    case 'INVALID_REPLICATION_FACTOR':
      return at('replicationFactor')
    case 'INVALID_CONFIG': {
      const named = Object.keys(input.configs).find((name) => message.includes(name))
      return at(named === undefined ? 'configs' : `configs.${named}`)
    }
    default:
      return at('')
  }
}

export function sentenceOfNameFault(fault: TopicNameFault): string {
  switch (fault.code) {
    case 'empty':
      return 'Give the topic a name.'
    case 'tooLong':
      return `A name has at most 249 characters; this one has ${fault.length}.`
    case 'dots':
      return 'A topic cannot be named "." or "..".'
    case 'character':
      return `"${fault.character}" cannot stand in a name: use letters, digits, ".", "_" and "-".`
    case 'taken':
      return 'There is a topic of this name.'
    case 'collides':
      return `It would collide with ${fault.topic}: metrics write "." and "_" alike.`
  }
}

function fieldOfWarning(warning: TopicWarning): CheckedField {
  const at = (path: string, message: string): CheckedField => ({ path, message, level: 'warning' })
  switch (warning.code) {
    case 'replicationAboveBrokers':
      return at('replicationFactor', `There are ${warning.brokers} brokers for ${warning.replicationFactor} replicas.`)
    case 'singleReplica':
      return at('replicationFactor', 'One replica: when its broker is lost, so are the records.')
    case 'minInSyncIsAll':
      return at('configs.min.insync.replicas', 'With one broker down, acks=all writes are refused.')
    case 'minInSyncAboveReplication':
      return at(
        'configs.min.insync.replicas',
        `acks=all writes need ${warning.minInSync} replicas in sync and there are ${warning.replicationFactor}: none would be accepted.`,
      )
    case 'manyPartitions':
      return at('partitions', `${warning.partitions} partitions cost memory, open files and failover time.`)
    case 'mixedSeparators':
      return at('name', 'Use either "." or "_": metrics write them alike.')
    case 'keptForever':
      return at('configs.retention.ms', 'Records are kept forever: the disk fills until it is full.')
  }
}

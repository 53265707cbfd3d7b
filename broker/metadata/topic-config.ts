import { errorCodes, KafkaError } from '../protocol/errors.ts'
import {
  atLeast,
  between,
  boolean,
  type ConfigDefinition,
  type ConfigValue,
  type ConfigValues,
  double,
  int,
  list,
  long,
  longMax,
  oneOf,
  parseConfig,
  string,
} from './config-definition.ts'

/** A config of Kafka's that tools may set and read back; DescribeConfigs' documentation says that it has no effect. */
const withoutEffect = 'This broker keeps the value and does not act on it. In Apache Kafka: '

/** Apache Kafka 4.3's topic configs. */
export const topicConfigDefinitions = [
  list('cleanup.policy', {
    default: 'delete',
    documentation:
      'How old records end: "delete" drops segments by age and size, "compact" keeps the last record of each key and ' +
      'requires keys. Both may be given.',
    findProblem: oneOf('compact', 'delete'),
  }),
  int('compression.gzip.level', {
    default: '-1',
    documentation: 'The level used when compression.type is gzip; -1 for its default.',
    findProblem: (value) =>
      Number(value) === -1 || (Number(value) >= 1 && Number(value) <= 9)
        ? undefined
        : 'Value must be between 1 and 9 or equal to -1',
  }),
  int('compression.lz4.level', {
    default: '9',
    documentation: `${withoutEffect}the level used when compression.type is lz4.`,
    findProblem: between(1, 17),
  }),
  string('compression.type', {
    default: 'producer',
    documentation:
      'The codec that batches are stored in; producer stores what was sent, uncompressed stores without any.',
    findProblem: oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
  }),
  int('compression.zstd.level', {
    default: '3',
    documentation: 'The level used when compression.type is zstd.',
    findProblem: between(-131072, 22),
  }),
  long('delete.retention.ms', {
    default: '86400000',
    documentation:
      'How long a compacted topic keeps tombstones after its first cleaning, so that consumers that read from the start see them.',
    findProblem: atLeast(0),
  }),
  long('file.delete.delay.ms', {
    default: '60000',
    documentation: 'How long a deleted segment stays on disk.',
    findProblem: atLeast(0),
  }),
  long('flush.messages', {
    default: longMax,
    documentation: 'Flush to disk after this many records. Replication is the better guarantee.',
    findProblem: atLeast(1),
  }),
  long('flush.ms', {
    default: longMax,
    documentation: 'Flush to disk after this time. Replication is the better guarantee.',
    findProblem: atLeast(0),
  }),
  list('follower.replication.throttled.replicas', {
    default: '',
    documentation:
      'Followers that are throttled by follower.replication.throttled.rate, as partition:broker,…, or * for all.',
    findProblem: throttledReplicas,
  }),
  int('index.interval.bytes', {
    default: '4096',
    documentation: 'How many bytes of log lie between two entries of the offset index.',
    findProblem: atLeast(0),
  }),
  int('internal.segment.bytes', {
    default: null,
    documentation: 'A segment size without the lower bound of segment.bytes, for tests.',
    isInternal: true,
  }),
  list('leader.replication.throttled.replicas', {
    default: '',
    documentation:
      'Leaders that are throttled by leader.replication.throttled.rate, as partition:broker,…, or * for all.',
    findProblem: throttledReplicas,
  }),
  long('local.retention.bytes', {
    default: '-2',
    documentation:
      'Without effect, for want of tiered storage: how large a partition may grow on local disk; -2 means retention.bytes.',
    findProblem: atLeast(-2),
  }),
  long('local.retention.ms', {
    default: '-2',
    documentation:
      'Without effect, for want of tiered storage: how long segments stay on local disk; -2 means retention.ms.',
    findProblem: atLeast(-2),
  }),
  long('max.compaction.lag.ms', {
    default: longMax,
    documentation: 'The longest time that a record of a compacted topic stays uncompacted.',
    findProblem: atLeast(1),
  }),
  int('max.message.bytes', {
    default: '1048588',
    documentation: 'The largest batch that is accepted, after compression.',
    findProblem: atLeast(0),
  }),
  long('message.timestamp.after.max.ms', {
    default: '3600000',
    documentation: 'How far a record’s timestamp may lie in the future. Ignored with LogAppendTime.',
    findProblem: atLeast(0),
  }),
  long('message.timestamp.before.max.ms', {
    default: longMax,
    documentation: 'How far a record’s timestamp may lie in the past. Ignored with LogAppendTime.',
    findProblem: atLeast(0),
  }),
  string('message.timestamp.type', {
    default: 'CreateTime',
    documentation: 'Whether records carry the time of the producer (CreateTime) or of the broker (LogAppendTime).',
    findProblem: oneOf('CreateTime', 'LogAppendTime'),
  }),
  double('min.cleanable.dirty.ratio', {
    default: '0.5',
    documentation: 'The share of a compacted log that must be uncompacted before it is cleaned.',
    findProblem: between(0, 1),
  }),
  long('min.compaction.lag.ms', {
    default: '0',
    documentation: 'The shortest time that a record of a compacted topic stays uncompacted.',
    findProblem: atLeast(0),
  }),
  int('min.insync.replicas', {
    default: '1',
    documentation:
      'How many replicas must be in sync for a write with acks=all to be accepted, and for records to become visible.',
    findProblem: atLeast(1),
  }),
  boolean('preallocate', {
    default: 'false',
    documentation: `${withoutEffect}reserve the disk space of a segment when it is created.`,
  }),
  boolean('remote.log.copy.disable', {
    default: 'false',
    documentation: 'Without effect, for want of tiered storage: stop uploading segments.',
  }),
  boolean('remote.log.delete.on.disable', {
    default: 'false',
    documentation:
      'Without effect, for want of tiered storage: delete what was uploaded when tiered storage is turned off.',
  }),
  boolean('remote.storage.enable', {
    default: 'false',
    documentation: 'Tiered storage, which this broker does not have.',
  }),
  long('retention.bytes', {
    default: '-1',
    documentation: 'How large a partition may grow before old segments are deleted; -1 for no limit.',
  }),
  long('retention.ms', {
    default: '604800000',
    documentation: 'How long records are kept before their segment is deleted; -1 for ever.',
    findProblem: atLeast(-1),
  }),
  int('segment.bytes', {
    default: '1073741824',
    documentation: 'The size of a segment file. Retention and compaction work on whole segments.',
    findProblem: atLeast(1_048_576),
  }),
  int('segment.index.bytes', {
    default: '10485760',
    documentation: 'The size of the index that maps offsets to file positions.',
    findProblem: atLeast(4),
  }),
  long('segment.jitter.ms', {
    default: '0',
    documentation: 'The most that is randomly taken off segment.ms, so that segments do not all roll at once.',
    findProblem: atLeast(0),
  }),
  long('segment.ms', {
    default: '604800000',
    documentation: 'A segment is closed after this time even if it is not full.',
    findProblem: atLeast(1),
  }),
  boolean('unclean.leader.election.enable', {
    default: 'false',
    documentation: 'Let a replica that is not in sync lead when no other can. Acknowledged records may be lost.',
  }),
] as const

/** A topic's configs as they apply: its own, else the broker's. */
export type TopicConfig = ConfigValues<typeof topicConfigDefinitions>

const definitionsByName: ReadonlyMap<string, ConfigDefinition> = new Map(
  topicConfigDefinitions.map((definition) => [definition.name, definition]),
)

export function findTopicConfig(name: string): ConfigDefinition | undefined {
  return definitionsByName.get(name)
}

/** Throws INVALID_CONFIG for the first of a topic's own configs that Kafka would refuse. */
export function validateTopicConfigs(configs: ReadonlyMap<string, string>): void {
  const values = new Map<string, ConfigValue>()
  for (const [name, text] of configs) {
    const definition = definitionsByName.get(name)
    if (definition === undefined) throw invalid(`Unknown topic config name: ${name}`)
    values.set(name, parseConfig(definition, text))
  }
  const minLagMs = Number(values.get('min.compaction.lag.ms') ?? 0)
  const maxLagMs = Number(values.get('max.compaction.lag.ms') ?? longMax)
  if (minLagMs > maxLagMs) {
    throw invalid(
      `conflict topic config setting min.compaction.lag.ms (${minLagMs}) > max.compaction.lag.ms (${maxLagMs})`,
    )
  }
  if (values.get('remote.storage.enable') === true) {
    throw invalid(
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    )
  }
}

function throttledReplicas(value: ConfigValue, name: string): string | undefined {
  const elements = typeof value === 'object' ? value : [String(value)]
  const isWildcard = elements.length === 1 && elements[0] === '*'
  if (isWildcard || elements.every((element) => /^\d+:\d+$/.test(element))) return undefined
  return `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_CONFIG, message)
}

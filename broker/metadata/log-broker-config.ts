import { atLeast, between, boolean, double, int, list, long, longMax, oneOf, string } from './config-definition.ts'

/** The broker configs of logs. Most are what topics inherit: see topic-config-sources.ts. */
export const logBrokerConfigs = [
  list('log.cleanup.policy', {
    default: 'delete',
    documentation: 'What topics have unless they set cleanup.policy.',
    update: 'cluster-wide',
    findProblem: oneOf('compact', 'delete'),
  }),
  long('log.cleaner.backoff.ms', {
    default: '15000',
    documentation: 'How long the cleaner sleeps when there is nothing to clean.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  long('log.cleaner.dedupe.buffer.size', {
    default: '134217728',
    documentation: 'The most memory for the keys of the logs that are being cleaned, over all threads.',
    update: 'cluster-wide',
  }),
  long('log.cleaner.delete.retention.ms', {
    default: '86400000',
    documentation: 'What topics have unless they set delete.retention.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  boolean('log.cleaner.enable', { default: 'true', documentation: 'Whether compacted topics are cleaned.' }),
  double('log.cleaner.io.buffer.load.factor', {
    default: '0.9',
    documentation: 'How full the table of keys may get: fuller holds more keys at once and looks them up more slowly.',
    update: 'cluster-wide',
  }),
  int('log.cleaner.io.buffer.size', {
    default: '524288',
    documentation: 'The memory for what the cleaner reads and writes, over all threads.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  double('log.cleaner.io.max.bytes.per.second', {
    default: '1.7976931348623157E308',
    documentation: 'What the cleaner reads and writes stays below this on average.',
    update: 'cluster-wide',
  }),
  long('log.cleaner.max.compaction.lag.ms', {
    default: longMax,
    documentation: 'What topics have unless they set max.compaction.lag.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  double('log.cleaner.min.cleanable.ratio', {
    default: '0.5',
    documentation: 'What topics have unless they set min.cleanable.dirty.ratio.',
    update: 'cluster-wide',
    findProblem: between(0, 1),
  }),
  long('log.cleaner.min.compaction.lag.ms', {
    default: '0',
    documentation: 'What topics have unless they set min.compaction.lag.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  int('log.cleaner.threads', {
    default: '1',
    documentation: 'How many logs are cleaned at the same time.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  long('log.flush.interval.messages', {
    default: longMax,
    documentation: 'What topics have unless they set flush.messages.',
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  long('log.flush.interval.ms', {
    default: null,
    documentation: 'What topics have unless they set flush.ms.',
    update: 'cluster-wide',
  }),
  long('log.flush.scheduler.interval.ms', {
    default: longMax,
    documentation: 'What topics have for flush.ms when log.flush.interval.ms is not set.',
  }),
  int('log.flush.offset.checkpoint.interval.ms', {
    default: '60000',
    documentation: 'How often recovery points are written to disk.',
    findProblem: atLeast(0),
  }),
  int('log.flush.start.offset.checkpoint.interval.ms', {
    default: '60000',
    documentation: 'How often the offsets at which logs start are written to disk, together with the recovery points.',
    findProblem: atLeast(0),
  }),
  int('log.index.interval.bytes', {
    default: '4096',
    documentation: 'What topics have unless they set index.interval.bytes.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  int('log.index.size.max.bytes', {
    default: '10485760',
    documentation: 'What topics have unless they set segment.index.bytes.',
    update: 'cluster-wide',
    findProblem: atLeast(4),
  }),
  long('log.local.retention.bytes', {
    default: '-2',
    documentation: 'What topics have unless they set local.retention.bytes.',
    update: 'cluster-wide',
    findProblem: atLeast(-2),
  }),
  long('log.local.retention.ms', {
    default: '-2',
    documentation: 'What topics have unless they set local.retention.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(-2),
  }),
  long('log.message.timestamp.after.max.ms', {
    default: '3600000',
    documentation: 'What topics have unless they set message.timestamp.after.max.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  long('log.message.timestamp.before.max.ms', {
    default: longMax,
    documentation: 'What topics have unless they set message.timestamp.before.max.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  string('log.message.timestamp.type', {
    default: 'CreateTime',
    documentation: 'What topics have unless they set message.timestamp.type.',
    update: 'cluster-wide',
    findProblem: oneOf('CreateTime', 'LogAppendTime'),
  }),
  boolean('log.preallocate', {
    default: 'false',
    documentation: 'What topics have unless they set preallocate.',
    update: 'cluster-wide',
  }),
  long('log.retention.bytes', {
    default: '-1',
    documentation: 'What topics have unless they set retention.bytes.',
    update: 'cluster-wide',
  }),
  long('log.retention.check.interval.ms', {
    default: '300000',
    documentation: 'How often segments past their retention are looked for.',
    findProblem: atLeast(1),
  }),
  int('log.retention.hours', { default: '168', documentation: 'What topics have unless retention is set otherwise.' }),
  int('log.retention.minutes', { default: null, documentation: 'Goes before log.retention.hours.' }),
  long('log.retention.ms', {
    default: null,
    documentation: 'What topics have unless they set retention.ms. Goes before log.retention.minutes.',
    update: 'cluster-wide',
    findProblem: (value) =>
      Number(value) < -1 || value === 0 ? 'must be unlimited (-1) or, greater than or equal to 1' : undefined,
  }),
  int('log.roll.hours', {
    default: '168',
    documentation: 'What topics have unless they set segment.ms.',
    findProblem: atLeast(1),
  }),
  int('log.roll.jitter.hours', {
    default: '0',
    documentation: 'What topics have unless they set segment.jitter.ms.',
    findProblem: atLeast(0),
  }),
  long('log.roll.jitter.ms', {
    default: null,
    documentation: 'Goes before log.roll.jitter.hours.',
    update: 'cluster-wide',
  }),
  long('log.roll.ms', { default: null, documentation: 'Goes before log.roll.hours.', update: 'cluster-wide' }),
  int('log.segment.bytes', {
    default: '1073741824',
    documentation: 'What topics have unless they set segment.bytes.',
    update: 'cluster-wide',
    findProblem: atLeast(1_048_576),
  }),
  long('log.segment.delete.delay.ms', {
    default: '60000',
    documentation: 'What topics have unless they set file.delete.delay.ms.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  int('compression.gzip.level', {
    default: '-1',
    documentation: 'What topics have unless they set compression.gzip.level.',
    update: 'cluster-wide',
  }),
  int('compression.lz4.level', {
    default: '9',
    documentation: 'What topics have unless they set compression.lz4.level.',
    update: 'cluster-wide',
    findProblem: between(1, 17),
  }),
  string('compression.type', {
    default: 'producer',
    documentation: 'What topics have unless they set compression.type.',
    update: 'cluster-wide',
    findProblem: oneOf('uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'),
  }),
  int('compression.zstd.level', {
    default: '3',
    documentation: 'What topics have unless they set compression.zstd.level.',
    update: 'cluster-wide',
    findProblem: between(-131072, 22),
  }),
  int('message.max.bytes', {
    default: '1048588',
    documentation: 'What topics have unless they set max.message.bytes.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  int('min.insync.replicas', {
    default: '1',
    documentation: 'What topics have unless they set min.insync.replicas.',
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  boolean('unclean.leader.election.enable', {
    default: 'false',
    documentation: 'What topics have unless they set unclean.leader.election.enable.',
    update: 'cluster-wide',
  }),
] as const

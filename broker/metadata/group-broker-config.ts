import { atLeast, int, long, short } from './config-definition.ts'

/** Of committed offsets, and of groups of the classic protocol. */
export const groupBrokerConfigs = [
  int('offsets.topic.num.partitions', {
    default: '50',
    documentation: 'Partitions of __consumer_offsets.',
    findProblem: atLeast(1),
  }),
  short('offsets.topic.replication.factor', {
    default: '3',
    documentation: 'Replicas of __consumer_offsets.',
    findProblem: atLeast(1),
  }),
  int('offsets.topic.segment.bytes', {
    default: '104857600',
    documentation: 'The segment size of __consumer_offsets.',
    findProblem: atLeast(1),
  }),
  int('offsets.retention.minutes', {
    default: '10080',
    documentation: 'How long committed offsets are kept once their group is empty.',
    findProblem: atLeast(1),
  }),
  long('offsets.retention.check.interval.ms', {
    default: '600000',
    documentation: 'How often expired offsets are looked for.',
    findProblem: atLeast(1),
  }),
  int('offset.metadata.max.bytes', { default: '4096', documentation: 'The longest metadata of a committed offset.' }),
  int('offsets.commit.timeout.ms', {
    default: '5000',
    documentation: 'How long a commit waits for the replicas of __consumer_offsets.',
    findProblem: atLeast(1),
  }),
  int('group.initial.rebalance.delay.ms', {
    default: '3000',
    documentation: 'How long a new group waits for more members before its first rebalance.',
  }),
  int('group.min.session.timeout.ms', { default: '6000', documentation: 'The shortest session timeout of a member.' }),
  int('group.max.session.timeout.ms', {
    default: '1800000',
    documentation: 'The longest session timeout of a member.',
  }),
  int('group.max.size', {
    default: '2147483647',
    documentation: 'The most members of a group.',
    findProblem: atLeast(1),
  }),
] as const

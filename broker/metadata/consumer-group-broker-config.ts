import { atLeast, int, list, oneOf, string } from './config-definition.ts'

/** The broker configs of consumer groups (KIP-848). Streams groups are Kafka's alone; their configs are taken and shown. */
export const consumerGroupBrokerConfigs = [
  int('group.consumer.session.timeout.ms', {
    default: '45000',
    documentation: 'A member of a consumer group that has not been heard of for this long has left it.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.min.session.timeout.ms', {
    default: '45000',
    documentation: 'The least that a consumer group may set as consumer.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.max.session.timeout.ms', {
    default: '60000',
    documentation: 'The most that a consumer group may set as consumer.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'How often the members of a consumer group are told to report.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.min.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'The least that a consumer group may set as consumer.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.max.heartbeat.interval.ms', {
    default: '15000',
    documentation: 'The most that a consumer group may set as consumer.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.consumer.assignment.interval.ms', {
    default: '1000',
    documentation: 'The shortest time from one assignment of a consumer group to the next.',
    findProblem: atLeast(0),
  }),
  int('group.consumer.min.assignment.interval.ms', {
    default: '0',
    documentation: 'The least that a consumer group may set as consumer.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
  int('group.consumer.max.assignment.interval.ms', {
    default: '15000',
    documentation: 'The most that a consumer group may set as consumer.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
  int('group.consumer.max.size', {
    default: '2147483647',
    documentation: 'The most members of a consumer group.',
    findProblem: atLeast(1),
  }),
  list('group.consumer.assignors', {
    default: 'uniform,range',
    documentation: 'How partitions may be given to the members of a consumer group; the first is the default.',
    findProblem: oneOf('uniform', 'range'),
  }),
  string('group.consumer.migration.policy', {
    default: 'bidirectional',
    documentation:
      'Whether a classic group becomes a consumer group when a member of the new protocol joins, and a classic one again ' +
      'when the last of them leaves: disabled, upgrade, downgrade or bidirectional.',
    findProblem: (value) =>
      ['disabled', 'upgrade', 'downgrade', 'bidirectional'].includes(String(value).toLowerCase())
        ? undefined
        : 'String must be one of (case insensitive): BIDIRECTIONAL, UPGRADE, DOWNGRADE, DISABLED',
  }),
  list('group.coordinator.rebalance.protocols', {
    default: 'classic,consumer',
    documentation: 'The protocols of groups that the broker speaks.',
    findProblem: oneOf('classic', 'consumer', 'share', 'streams'),
  }),
  int('group.streams.session.timeout.ms', {
    default: '45000',
    documentation: 'A member of a streams group that has not been heard of for this long has left it.',
    findProblem: atLeast(1),
  }),
  int('group.streams.min.session.timeout.ms', {
    default: '45000',
    documentation: 'The least that a streams group may set as streams.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.streams.max.session.timeout.ms', {
    default: '60000',
    documentation: 'The most that a streams group may set as streams.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.streams.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'How often the members of a streams group are told to report.',
    findProblem: atLeast(1),
  }),
  int('group.streams.min.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'The least that a streams group may set as streams.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.streams.max.heartbeat.interval.ms', {
    default: '15000',
    documentation: 'The most that a streams group may set as streams.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.streams.assignment.interval.ms', {
    default: '1000',
    documentation: 'The shortest time from one assignment of a streams group to the next.',
    findProblem: atLeast(0),
  }),
  int('group.streams.min.assignment.interval.ms', {
    default: '0',
    documentation: 'The least that a streams group may set as streams.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
  int('group.streams.max.assignment.interval.ms', {
    default: '15000',
    documentation: 'The most that a streams group may set as streams.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
] as const

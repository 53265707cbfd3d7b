import { atLeast, between, int, list, oneOf, short } from './config-definition.ts'

/** The broker configs of share groups and of what keeps their state (KIP-932). */
export const shareBrokerConfigs = [
  int('group.share.session.timeout.ms', {
    default: '45000',
    documentation: 'A member of a share group that has not been heard of for this long has left it.',
    findProblem: atLeast(1),
  }),
  int('group.share.min.session.timeout.ms', {
    default: '45000',
    documentation: 'The least that a share group may set as share.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.share.max.session.timeout.ms', {
    default: '60000',
    documentation: 'The most that a share group may set as share.session.timeout.ms.',
    findProblem: atLeast(1),
  }),
  int('group.share.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'How often the members of a share group are told to report.',
    findProblem: atLeast(1),
  }),
  int('group.share.min.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'The least that a share group may set as share.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.share.max.heartbeat.interval.ms', {
    default: '15000',
    documentation: 'The most that a share group may set as share.heartbeat.interval.ms.',
    findProblem: atLeast(1),
  }),
  int('group.share.max.size', {
    default: '200',
    documentation: 'The most members of a share group.',
    findProblem: between(1, 1000),
  }),
  list('group.share.assignors', {
    default: 'simple',
    documentation: 'How partitions are given to the members of a share group; there is one way.',
    findProblem: oneOf('simple', 'org.apache.kafka.coordinator.group.assignor.SimpleAssignor'),
  }),
  int('group.share.assignment.interval.ms', {
    default: '1000',
    documentation: 'Accepted without effect: partitions are assigned to the members of a share group at once.',
    findProblem: atLeast(0),
  }),
  int('group.share.min.assignment.interval.ms', {
    default: '0',
    documentation: 'The least that a share group may set as share.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
  int('group.share.max.assignment.interval.ms', {
    default: '15000',
    documentation: 'The most that a share group may set as share.assignment.interval.ms.',
    findProblem: atLeast(0),
  }),
  int('group.share.initialize.retry.interval.ms', {
    default: '30000',
    documentation: 'When the state of a share partition that could not be initialized is tried again.',
    isInternal: true,
    findProblem: atLeast(1),
  }),
  int('group.share.delivery.count.limit', {
    default: '5',
    documentation: 'How often a record is delivered to a share group before it is given up.',
    findProblem: between(2, 10),
  }),
  int('group.share.min.delivery.count.limit', {
    default: '2',
    documentation: 'The least that a share group may set as share.delivery.count.limit.',
    findProblem: between(2, 5),
  }),
  int('group.share.max.delivery.count.limit', {
    default: '10',
    documentation: 'The most that a share group may set as share.delivery.count.limit.',
    findProblem: between(5, 25),
  }),
  int('group.share.record.lock.duration.ms', {
    default: '30000',
    documentation: 'How long a consumer of a share group keeps the records that it was given.',
    findProblem: between(1_000, 3_600_000),
  }),
  int('group.share.min.record.lock.duration.ms', {
    default: '15000',
    documentation: 'The least that a share group may set as share.record.lock.duration.ms.',
    findProblem: between(1_000, 30_000),
  }),
  int('group.share.max.record.lock.duration.ms', {
    default: '60000',
    documentation: 'The most that a share group may set as share.record.lock.duration.ms.',
    findProblem: between(30_000, 3_600_000),
  }),
  int('group.share.partition.max.record.locks', {
    default: '2000',
    documentation: 'Records of a partition that a share group may have in flight.',
    findProblem: between(100, 10_000),
  }),
  int('group.share.min.partition.max.record.locks', {
    default: '100',
    documentation: 'The least that a share group may set as share.partition.max.record.locks.',
    findProblem: between(100, 2_000),
  }),
  int('group.share.max.partition.max.record.locks', {
    default: '4000',
    documentation: 'The most that a share group may set as share.partition.max.record.locks.',
    findProblem: between(2_000, 20_000),
  }),
  int('group.share.max.share.sessions', {
    default: '2000',
    documentation: 'Share sessions that a broker keeps.',
    findProblem: atLeast(1),
  }),

  int('share.coordinator.state.topic.num.partitions', {
    default: '50',
    documentation: 'Partitions of __share_group_state.',
    findProblem: atLeast(1),
  }),
  short('share.coordinator.state.topic.replication.factor', {
    default: '3',
    documentation: 'Replicas of __share_group_state.',
    findProblem: atLeast(1),
  }),
  short('share.coordinator.state.topic.min.isr', {
    default: '2',
    documentation: 'The min.insync.replicas of __share_group_state.',
    findProblem: atLeast(1),
  }),
  int('share.coordinator.state.topic.segment.bytes', {
    default: '104857600',
    documentation: 'The segment size of __share_group_state.',
    findProblem: atLeast(1),
  }),
  int('share.coordinator.snapshot.update.records.per.snapshot', {
    default: '500',
    documentation: 'Updates of a share partition’s state between two snapshots.',
    findProblem: between(0, 500),
  }),
  int('share.coordinator.write.timeout.ms', {
    default: '5000',
    documentation: 'How long a write waits for the replicas of __share_group_state.',
    findProblem: atLeast(1),
  }),
  int('share.coordinator.state.topic.prune.interval.ms', {
    default: '300000',
    documentation: 'How often records of __share_group_state that snapshots have made redundant are deleted.',
    isInternal: true,
    findProblem: atLeast(1),
  }),
  int('share.coordinator.cold.partition.snapshot.interval.ms', {
    default: '300000',
    documentation: 'How often share partitions that are not written to are written as snapshots.',
    isInternal: true,
    findProblem: atLeast(1),
  }),
] as const

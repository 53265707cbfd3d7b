import { atLeast, boolean, int, short } from './config-definition.ts'

/** Of transactions and the topic that they are kept in. */
export const transactionBrokerConfigs = [
  boolean('transaction.partition.verification.enable', {
    default: 'true',
    documentation: 'Ask a transaction’s coordinator before the first of its records is written to a partition.',
    update: 'cluster-wide',
  }),
  int('transaction.state.log.num.partitions', {
    default: '50',
    documentation: 'Partitions of __transaction_state.',
    findProblem: atLeast(1),
  }),
  short('transaction.state.log.replication.factor', {
    default: '3',
    documentation: 'Replicas of __transaction_state.',
    findProblem: atLeast(1),
  }),
  int('transaction.state.log.min.isr', {
    default: '2',
    documentation: 'The min.insync.replicas of __transaction_state.',
    findProblem: atLeast(1),
  }),
  int('transaction.state.log.segment.bytes', {
    default: '104857600',
    documentation: 'The segment size of __transaction_state.',
    findProblem: atLeast(1),
  }),
  int('transaction.max.timeout.ms', {
    default: '900000',
    documentation: 'The longest that a producer may want its transactions to stay open.',
    findProblem: atLeast(1),
  }),
  int('transactional.id.expiration.ms', {
    default: '604800000',
    documentation: 'How long a transactional id is remembered after its last transaction.',
    findProblem: atLeast(1),
  }),
  int('transaction.abort.timed.out.transaction.cleanup.interval.ms', {
    default: '10000',
    documentation: 'How often transactions that have been open for too long are looked for, to be aborted.',
    findProblem: atLeast(1),
  }),
  int('transaction.remove.expired.transaction.cleanup.interval.ms', {
    default: '3600000',
    documentation: 'How often expired transactional ids are looked for.',
    findProblem: atLeast(1),
  }),
] as const

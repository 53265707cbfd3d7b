import {
  atLeast,
  between,
  boolean,
  className,
  double,
  int,
  list,
  long,
  longMax,
  password,
  short,
  string,
} from './config-definition.ts'

const withoutEffect = (reason: string) => `Accepted without effect: ${reason}`

const threads = withoutEffect('one event loop does the work of all threads.')
const tiering = withoutEffect('there is no tiered storage.')
const quorum = withoutEffect('the controller is whoever holds its port: nobody votes.')
const folders = withoutEffect('whoever starts the cluster says where it is kept and which broker is which.')
const oauth = withoutEffect('there is no OAUTHBEARER.')
const kerberos = withoutEffect('there is no GSSAPI.')
const jvm = withoutEffect('TLS is that of Node.js.')
const plugins = withoutEffect('no classes are loaded.')
const metrics = withoutEffect('measurements are taken by the console.')
const waiting = withoutEffect('requests that wait are forgotten as they end.')
const tokens = withoutEffect('there are no delegation tokens.')
const streams = withoutEffect('there are no streams groups.')
const buffers = withoutEffect('buffers and batches grow as they are needed.')
const sockets = withoutEffect('the operating system decides, and connections between brokers have their own limits.')
const fixed = withoutEffect('it cannot be set otherwise here.')

/**
 * Apache Kafka 4.3.1's broker configs that nothing here depends on, with its types and defaults, so that tools which read
 * or set them go on as they do there. What would promise something when it is set is fixed while a broker runs.
 */
export const inertBrokerConfigs = [
  int('background.threads', { default: '10', documentation: threads, update: 'cluster-wide', findProblem: atLeast(1) }),
  int('group.coordinator.background.threads', { default: '2', documentation: threads, findProblem: atLeast(1) }),
  int('group.coordinator.threads', { default: '4', documentation: threads, findProblem: atLeast(1) }),
  int('num.io.threads', { default: '8', documentation: threads, update: 'cluster-wide', findProblem: atLeast(1) }),
  int('num.network.threads', { default: '3', documentation: threads, update: 'cluster-wide', findProblem: atLeast(1) }),
  int('num.recovery.threads.per.data.dir', {
    default: '2',
    documentation: threads,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('num.replica.alter.log.dirs.threads', { default: null, documentation: threads }),
  int('remote.log.manager.copier.thread.pool.size', {
    default: '10',
    documentation: threads,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('remote.log.manager.expiration.thread.pool.size', {
    default: '10',
    documentation: threads,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('remote.log.manager.follower.thread.pool.size', {
    default: '2',
    documentation: threads,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('remote.log.manager.thread.pool.size', { default: '2', documentation: threads, findProblem: atLeast(1) }),
  int('remote.log.reader.threads', {
    default: '10',
    documentation: threads,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('share.coordinator.threads', { default: '1', documentation: threads, findProblem: atLeast(1) }),

  boolean('follower.fetch.last.tiered.offset.enable', {
    default: 'false',
    documentation: tiering,
    update: 'cluster-wide',
  }),
  int('remote.fetch.max.wait.ms', {
    default: '500',
    documentation: tiering,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  long('remote.list.offsets.request.timeout.ms', {
    default: '30000',
    documentation: tiering,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  long('remote.log.manager.copy.max.bytes.per.second', {
    default: longMax,
    documentation: tiering,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('remote.log.manager.copy.quota.window.num', { default: '11', documentation: tiering, findProblem: atLeast(1) }),
  int('remote.log.manager.copy.quota.window.size.seconds', {
    default: '1',
    documentation: tiering,
    findProblem: atLeast(1),
  }),
  long('remote.log.manager.fetch.max.bytes.per.second', {
    default: longMax,
    documentation: tiering,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  int('remote.log.manager.fetch.quota.window.num', { default: '11', documentation: tiering, findProblem: atLeast(1) }),
  int('remote.log.manager.fetch.quota.window.size.seconds', {
    default: '1',
    documentation: tiering,
    findProblem: atLeast(1),
  }),
  string('remote.log.metadata.manager.class.name', {
    default: 'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    documentation: tiering,
  }),
  string('remote.log.metadata.manager.class.path', { default: null, documentation: tiering }),
  string('remote.log.metadata.manager.impl.prefix', { default: 'rlmm.config.', documentation: tiering }),
  string('remote.log.metadata.manager.listener.name', { default: null, documentation: tiering }),
  int('remote.log.reader.max.pending.tasks', { default: '100', documentation: tiering, findProblem: atLeast(1) }),
  string('remote.log.storage.manager.class.name', { default: null, documentation: tiering }),
  string('remote.log.storage.manager.class.path', { default: null, documentation: tiering }),
  string('remote.log.storage.manager.impl.prefix', { default: 'rsm.config.', documentation: tiering }),
  boolean('remote.log.storage.system.enable', { default: 'false', documentation: tiering }),
  long('remote.log.index.file.cache.total.size.bytes', {
    default: '1073741824',
    documentation: tiering,
    update: 'cluster-wide',
    findProblem: atLeast(1),
  }),
  long('remote.log.manager.task.interval.ms', { default: '30000', documentation: tiering, findProblem: atLeast(1) }),
  int('remote.log.metadata.custom.metadata.max.bytes', {
    default: '128',
    documentation: tiering,
    findProblem: atLeast(0),
  }),

  list('controller.quorum.voters', { default: '', documentation: quorum, isInternal: true }),
  list('controller.quorum.bootstrap.servers', { default: '', documentation: quorum, isInternal: true }),
  list('controller.listener.names', { default: null, documentation: quorum, isInternal: true }),
  list('early.start.listeners', { default: null, documentation: quorum, isInternal: true }),
  string('sasl.mechanism.controller.protocol', { default: 'GSSAPI', documentation: quorum, isInternal: true }),
  string('metadata.log.dir', { default: null, documentation: folders, isInternal: true }),
  list('log.dir', { default: null, documentation: folders, isInternal: true }),
  int('broker.id', { default: '-1', documentation: folders, isInternal: true }),
  int('controller.quorum.election.backoff.max.ms', { default: '1000', documentation: quorum, findProblem: atLeast(0) }),
  int('controller.quorum.election.timeout.ms', { default: '1000', documentation: quorum, findProblem: atLeast(0) }),
  int('controller.quorum.fetch.timeout.ms', { default: '2000', documentation: quorum, findProblem: atLeast(0) }),
  int('metadata.log.segment.bytes', { default: '1073741824', documentation: quorum, findProblem: atLeast(8388608) }),
  long('metadata.log.segment.ms', { default: '604800000', documentation: quorum }),
  long('metadata.max.retention.bytes', { default: '104857600', documentation: quorum }),
  long('metadata.max.retention.ms', { default: '604800000', documentation: quorum }),
  int('controller.quorum.append.linger.ms', { default: '25', documentation: quorum, findProblem: atLeast(0) }),
  int('controller.quorum.request.timeout.ms', { default: '2000', documentation: quorum, findProblem: atLeast(0) }),
  int('initial.broker.registration.timeout.ms', { default: '60000', documentation: quorum }),
  boolean('controller.quorum.auto.join.enable', { default: 'false', documentation: quorum }),
  int('controller.quorum.fetch.max.bytes', { default: '1048576', documentation: quorum, findProblem: atLeast(1) }),
  int('controller.quorum.fetch.snapshot.max.bytes', {
    default: '1048576',
    documentation: quorum,
    findProblem: atLeast(1),
  }),
  int('controller.quorum.retry.backoff.ms', { default: '20', documentation: quorum, findProblem: atLeast(0) }),
  int('metadata.max.idle.interval.ms', { default: '500', documentation: quorum, findProblem: atLeast(0) }),

  list('sasl.oauthbearer.expected.audience', { default: '', documentation: oauth }),
  string('sasl.oauthbearer.expected.issuer', { default: null, documentation: oauth }),
  className('sasl.client.callback.handler.class', { default: null, documentation: oauth }),
  className('sasl.login.callback.handler.class', { default: null, documentation: oauth }),
  className('sasl.login.class', { default: null, documentation: oauth }),
  short('sasl.login.refresh.buffer.seconds', { default: '300', documentation: oauth, update: 'per-broker' }),
  short('sasl.login.refresh.min.period.seconds', { default: '60', documentation: oauth, update: 'per-broker' }),
  double('sasl.login.refresh.window.factor', { default: '0.8', documentation: oauth, update: 'per-broker' }),
  double('sasl.login.refresh.window.jitter', { default: '0.05', documentation: oauth, update: 'per-broker' }),
  string('sasl.oauthbearer.assertion.algorithm', { default: 'RS256', documentation: oauth }),
  string('sasl.oauthbearer.assertion.claim.aud', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.assertion.claim.iss', { default: null, documentation: oauth }),
  boolean('sasl.oauthbearer.assertion.claim.jti.include', { default: 'false', documentation: oauth }),
  string('sasl.oauthbearer.assertion.claim.sub', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.assertion.file', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.assertion.private.key.file', { default: null, documentation: oauth }),
  password('sasl.oauthbearer.assertion.private.key.passphrase', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.assertion.template.file', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.client.credentials.client.id', { default: null, documentation: oauth }),
  password('sasl.oauthbearer.client.credentials.client.secret', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.jwks.endpoint.url', { default: null, documentation: oauth }),
  className('sasl.oauthbearer.jwt.retriever.class', {
    default: 'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    documentation: oauth,
  }),
  className('sasl.oauthbearer.jwt.validator.class', {
    default: 'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    documentation: oauth,
  }),
  string('sasl.oauthbearer.scope', { default: null, documentation: oauth }),
  string('sasl.oauthbearer.token.endpoint.url', { default: null, documentation: oauth }),
  int('sasl.login.connect.timeout.ms', { default: null, documentation: oauth }),
  int('sasl.login.read.timeout.ms', { default: null, documentation: oauth }),
  long('sasl.login.retry.backoff.max.ms', { default: '10000', documentation: oauth }),
  long('sasl.login.retry.backoff.ms', { default: '100', documentation: oauth }),
  int('sasl.oauthbearer.assertion.claim.exp.seconds', {
    default: '300',
    documentation: oauth,
    findProblem: between(0, 86400),
  }),
  int('sasl.oauthbearer.assertion.claim.nbf.seconds', {
    default: '60',
    documentation: oauth,
    findProblem: between(0, 3600),
  }),
  int('sasl.oauthbearer.clock.skew.seconds', { default: '30', documentation: oauth }),
  long('sasl.oauthbearer.jwks.endpoint.refresh.ms', { default: '3600000', documentation: oauth }),
  long('sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms', { default: '10000', documentation: oauth }),
  long('sasl.oauthbearer.jwks.endpoint.retry.backoff.ms', { default: '100', documentation: oauth }),
  string('sasl.oauthbearer.scope.claim.name', { default: 'scope', documentation: oauth }),
  string('sasl.oauthbearer.sub.claim.name', { default: 'sub', documentation: oauth }),

  string('sasl.kerberos.kinit.cmd', { default: '/usr/bin/kinit', documentation: kerberos, update: 'per-broker' }),
  long('sasl.kerberos.min.time.before.relogin', { default: '60000', documentation: kerberos, update: 'per-broker' }),
  list('sasl.kerberos.principal.to.local.rules', { default: 'DEFAULT', documentation: kerberos, update: 'per-broker' }),
  string('sasl.kerberos.service.name', { default: null, documentation: kerberos, update: 'per-broker' }),
  double('sasl.kerberos.ticket.renew.jitter', { default: '0.05', documentation: kerberos, update: 'per-broker' }),
  double('sasl.kerberos.ticket.renew.window.factor', { default: '0.8', documentation: kerberos, update: 'per-broker' }),

  list('ssl.cipher.suites', { default: '', documentation: jvm }),
  string('ssl.keymanager.algorithm', { default: 'SunX509', documentation: jvm }),
  string('ssl.protocol', { default: 'TLSv1.3', documentation: jvm }),
  string('ssl.provider', { default: null, documentation: jvm }),
  string('ssl.trustmanager.algorithm', { default: 'PKIX', documentation: jvm }),
  string('security.providers', { default: null, documentation: jvm }),
  boolean('ssl.allow.dn.changes', { default: 'false', documentation: jvm }),
  boolean('ssl.allow.san.changes', { default: 'false', documentation: jvm }),
  string('ssl.endpoint.identification.algorithm', { default: 'https', documentation: jvm }),
  className('ssl.engine.factory.class', { default: null, documentation: jvm }),
  string('ssl.secure.random.implementation', { default: null, documentation: jvm }),

  className('principal.builder.class', {
    default: 'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
    documentation: plugins,
  }),
  className('sasl.server.callback.handler.class', { default: null, documentation: plugins }),
  className('alter.config.policy.class.name', { default: null, documentation: plugins }),
  className('client.quota.callback.class', { default: null, documentation: plugins }),
  list('config.providers', { default: '', documentation: plugins }),
  className('create.topic.policy.class.name', { default: null, documentation: plugins }),

  int('kafka.metrics.polling.interval.secs', { default: '10', documentation: metrics, findProblem: atLeast(1) }),
  list('kafka.metrics.reporters', { default: '', documentation: metrics }),
  list('metric.reporters', { default: 'org.apache.kafka.common.metrics.JmxReporter', documentation: metrics }),
  int('metrics.num.samples', { default: '2', documentation: metrics, findProblem: atLeast(1) }),
  string('metrics.recording.level', { default: 'INFO', documentation: metrics }),
  long('metrics.sample.window.ms', { default: '30000', documentation: metrics, findProblem: atLeast(1) }),
  int('telemetry.max.bytes', { default: '1048576', documentation: metrics, findProblem: atLeast(1) }),

  int('delete.records.purgatory.purge.interval.requests', { default: '1', documentation: waiting }),
  int('fetch.purgatory.purge.interval.requests', { default: '1000', documentation: waiting }),
  int('producer.purgatory.purge.interval.requests', { default: '1000', documentation: waiting }),
  int('share.fetch.purgatory.purge.interval.requests', { default: '1000', documentation: waiting }),

  long('delegation.token.expiry.time.ms', { default: '86400000', documentation: tokens, findProblem: atLeast(1) }),
  long('delegation.token.max.lifetime.ms', { default: '604800000', documentation: tokens, findProblem: atLeast(1) }),
  password('delegation.token.secret.key', { default: null, documentation: tokens }),
  long('delegation.token.expiry.check.interval.ms', {
    default: '3600000',
    documentation: tokens,
    findProblem: atLeast(1),
  }),

  int('group.streams.initial.rebalance.delay.ms', { default: '3000', documentation: streams, findProblem: atLeast(0) }),
  int('group.streams.max.size', { default: '2147483647', documentation: streams, findProblem: atLeast(1) }),
  int('group.streams.max.standby.replicas', { default: '2', documentation: streams, findProblem: atLeast(0) }),
  int('group.streams.num.standby.replicas', { default: '0', documentation: streams, findProblem: atLeast(0) }),

  int('offsets.load.buffer.size', { default: '5242880', documentation: buffers, findProblem: atLeast(1) }),
  int('offsets.topic.compression.codec', { default: '0', documentation: buffers }),
  int('queued.max.requests', { default: '500', documentation: buffers, findProblem: atLeast(1) }),
  int('replica.socket.receive.buffer.bytes', { default: '65536', documentation: buffers }),
  int('share.coordinator.load.buffer.size', { default: '5242880', documentation: buffers, findProblem: atLeast(1) }),
  int('share.coordinator.state.topic.compression.codec', { default: '0', documentation: buffers }),
  int('socket.receive.buffer.bytes', { default: '102400', documentation: buffers }),
  int('socket.send.buffer.bytes', { default: '102400', documentation: buffers }),
  int('transaction.state.log.load.buffer.size', {
    default: '5242880',
    documentation: buffers,
    findProblem: atLeast(1),
  }),
  int('group.coordinator.append.linger.ms', { default: '-1', documentation: buffers, findProblem: atLeast(-1) }),
  int('group.coordinator.cached.buffer.max.bytes', {
    default: '1048588',
    documentation: buffers,
    update: 'cluster-wide',
    findProblem: atLeast(524288),
  }),
  int('share.coordinator.append.linger.ms', { default: '-1', documentation: buffers, findProblem: atLeast(-1) }),
  int('share.coordinator.cached.buffer.max.bytes', {
    default: '1048588',
    documentation: buffers,
    update: 'cluster-wide',
    findProblem: atLeast(524288),
  }),

  int('replica.socket.timeout.ms', { default: '30000', documentation: sockets }),
  int('controller.socket.timeout.ms', { default: '30000', documentation: sockets }),
  long('socket.connection.setup.timeout.max.ms', { default: '30000', documentation: sockets }),
  long('socket.connection.setup.timeout.ms', { default: '10000', documentation: sockets }),
  int('socket.listen.backlog.size', { default: '50', documentation: sockets, findProblem: atLeast(1) }),

  int('add.partitions.to.txn.retry.backoff.max.ms', { default: '100', documentation: fixed, findProblem: atLeast(0) }),
  int('add.partitions.to.txn.retry.backoff.ms', { default: '20', documentation: fixed, findProblem: atLeast(1) }),
  int('log.flush.start.offset.checkpoint.interval.ms', {
    default: '60000',
    documentation: fixed,
    findProblem: atLeast(0),
  }),
  int('num.replica.fetchers', { default: '1', documentation: fixed, update: 'cluster-wide', findProblem: atLeast(1) }),
  boolean('controlled.shutdown.enable', { default: 'true', documentation: fixed }),
  list('cordoned.log.dirs', { default: '', documentation: fixed }),
  int('max.connection.creation.rate', { default: '2147483647', documentation: fixed, findProblem: atLeast(0) }),
  int('max.request.partition.size.limit', { default: '2000', documentation: fixed, findProblem: atLeast(1) }),
  int('alter.log.dirs.replication.quota.window.num', { default: '11', documentation: fixed, findProblem: atLeast(1) }),
  int('alter.log.dirs.replication.quota.window.size.seconds', {
    default: '1',
    documentation: fixed,
    findProblem: atLeast(1),
  }),
  long('log.dir.failure.timeout.ms', { default: '30000', documentation: fixed, findProblem: atLeast(1) }),
  int('replication.quota.window.num', { default: '11', documentation: fixed, findProblem: atLeast(1) }),
  int('replication.quota.window.size.seconds', { default: '1', documentation: fixed, findProblem: atLeast(1) }),
  boolean('transaction.two.phase.commit.enable', { default: 'false', documentation: fixed }),
] as const

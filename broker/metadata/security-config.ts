import { atLeast, boolean, int, list, long, oneOf, password, string } from './config-definition.ts'

/** Those that the authorizer reads for itself, so that Kafka's broker knows neither their type nor their default. */
export const authorizerConfigs: readonly string[] = ['super.users', 'allow.everyone.if.no.acl.found']

/** The broker configs about who may connect, who they are, and how much of the broker they may take. */
export const securityConfigDefinitions = [
  string('listener.security.protocol.map', {
    default: 'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    documentation: 'The security protocol of each listener, by its name.',
  }),
  string('inter.broker.listener.name', {
    default: null,
    documentation: 'The listener by which brokers reach each other; the first one unless it is set.',
  }),
  string('security.inter.broker.protocol', {
    default: 'PLAINTEXT',
    documentation: 'The protocol of the listener by which brokers reach each other, where it is not named.',
    findProblem: oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
  }),

  list('sasl.enabled.mechanisms', {
    default: 'GSSAPI',
    documentation: 'What clients may authenticate with: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.',
  }),
  password('sasl.jaas.config', { default: null, documentation: 'The login module with the users of PLAIN.' }),
  string('sasl.mechanism.inter.broker.protocol', {
    default: 'GSSAPI',
    documentation: 'Without effect: brokers of this cluster know each other by a secret of their own.',
  }),
  int('sasl.server.max.receive.size', {
    default: '524288',
    documentation: 'The largest request that a client may send before it has authenticated.',
    findProblem: atLeast(0),
  }),
  long('connections.max.reauth.ms', {
    default: '0',
    documentation: 'How long a client counts as authenticated; 0 for as long as it is connected.',
    findProblem: atLeast(0),
  }),
  int('connection.failed.authentication.delay.ms', {
    default: '100',
    documentation: 'How long a client that failed to authenticate waits for the answer.',
    findProblem: atLeast(0),
  }),

  string('ssl.keystore.type', { default: 'JKS', documentation: 'PEM or PKCS12; Java’s own key stores are not read.' }),
  string('ssl.keystore.location', { default: null, documentation: 'The file with the broker’s key and certificates.' }),
  password('ssl.keystore.password', { default: null, documentation: 'The password of a PKCS12 key store.' }),
  password('ssl.keystore.key', { default: null, documentation: 'The key itself, as PEM.' }),
  password('ssl.keystore.certificate.chain', { default: null, documentation: 'The certificates themselves, as PEM.' }),
  password('ssl.key.password', { default: null, documentation: 'The password of an encrypted key.' }),
  string('ssl.truststore.type', { default: 'JKS', documentation: 'PEM; Java’s own trust stores are not read.' }),
  string('ssl.truststore.location', { default: null, documentation: 'Who may sign the certificates of clients.' }),
  password('ssl.truststore.certificates', { default: null, documentation: 'The same, as PEM in place.' }),
  password('ssl.truststore.password', { default: null, documentation: 'Without effect: PEM files have no password.' }),
  list('ssl.enabled.protocols', { default: 'TLSv1.2,TLSv1.3', documentation: 'The versions of TLS that are spoken.' }),
  string('ssl.client.auth', {
    default: 'none',
    documentation: 'Whether clients show a certificate.',
    findProblem: oneOf('required', 'requested', 'none'),
  }),
  string('ssl.principal.mapping.rules', {
    default: 'DEFAULT',
    documentation: 'Makes the name of a principal from the subject of a certificate.',
  }),

  string('authorizer.class.name', {
    default: '',
    documentation: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer, or none: everyone may do everything.',
  }),
  string('super.users', {
    default: null,
    documentation: 'Who may do everything: User:name, separated by semicolons.',
    isInternal: true,
  }),
  boolean('allow.everyone.if.no.acl.found', {
    default: 'false',
    documentation: 'Whether what no ACL speaks of is allowed to everyone.',
    isInternal: true,
  }),

  int('max.connections.per.ip', {
    default: '2147483647',
    documentation: 'Connections from one address that are open at once; more are closed.',
    update: 'cluster-wide',
    findProblem: atLeast(0),
  }),
  string('max.connections.per.ip.overrides', {
    default: '',
    documentation: 'Other numbers for some addresses: address:number, separated by commas.',
    update: 'cluster-wide',
    findProblem: (value) =>
      /^(\s*[^,\s]+:\d+\s*(,(?!\s*$)|$))*$/.test(String(value))
        ? undefined
        : 'write address:number, separated by commas',
  }),
  long('queued.max.request.bytes', {
    default: '-1',
    documentation:
      'Bytes of requests that wait for their answers; with more, no connection is read from. -1 for no bound.',
  }),
  int('quota.window.num', {
    default: '11',
    documentation: 'Over how many windows the use of a client quota is averaged.',
    findProblem: atLeast(1),
  }),
  int('quota.window.size.seconds', {
    default: '1',
    documentation: 'How long each of the windows of client quotas is.',
    findProblem: atLeast(1),
  }),
  int('controller.quota.window.num', {
    default: '11',
    documentation: 'Over how many windows the changes of metadata by a client are averaged.',
    findProblem: atLeast(1),
  }),
  int('controller.quota.window.size.seconds', {
    default: '1',
    documentation: 'How long each of the windows of changes of metadata is.',
    findProblem: atLeast(1),
  }),
] as const

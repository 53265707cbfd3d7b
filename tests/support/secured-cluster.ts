import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestCluster, type TestCluster } from './kafka-cluster.ts'
import { makeTestCertificates, type TestCertificates } from './test-certificates.ts'

export const superUser = { username: 'root', password: 'root "secret"' }

/** Its brokers listen in three ways; each has the same brokers in the same order. */
export interface SecuredCluster {
  readonly cluster: TestCluster
  readonly certificates: TestCertificates
  /** PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 without encryption. */
  readonly sasl: string
  /** TLS with client certificates. */
  readonly tls: string
  /** PLAIN and SCRAM over TLS. */
  readonly saslTls: string
  close(): Promise<void>
}

/** Users root (who may do everything), alice and bob, each with their name and "secret" as password; carol has a certificate. */
export async function startSecuredCluster(
  options: { brokers?: number; properties?: Readonly<Record<string, string>> } = {},
): Promise<SecuredCluster> {
  const { brokers = 2, properties = {} } = options
  const directory = await mkdtemp(path.join(tmpdir(), 'eyrie-secured-'))
  const certificates = await makeTestCertificates(directory)
  let first = 0
  const cluster = await startTestCluster({
    brokers,
    properties: {
      'listener.security.protocol.map': 'INTERNAL:SASL_PLAINTEXT,MUTUAL:SSL,EXTERNAL:SASL_SSL',
      'inter.broker.listener.name': 'EXTERNAL',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'sasl.jaas.config': jaasConfig,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': certificates.broker.file,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': certificates.authorityFile,
      'listener.name.mutual.ssl.client.auth': 'required',
      'ssl.principal.mapping.rules': 'RULE:^CN=([^,]*),.*$/$1/L,DEFAULT',
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': `User:${superUser.username}`,
      ...properties,
    },
    listeners: {
      count: 3,
      properties: (port) => {
        first = port
        const [sasl, tls, saslTls] = [port, port + brokers, port + 2 * brokers]
        return {
          listeners: `INTERNAL://127.0.0.1:${sasl},MUTUAL://127.0.0.1:${tls},EXTERNAL://127.0.0.1:${saslTls}`,
        }
      },
    },
  })
  const addresses = (listener: number) =>
    Array.from({ length: brokers }, (_, index) => `127.0.0.1:${first + listener * brokers + index}`).join(',')
  return {
    cluster,
    certificates,
    sasl: addresses(0),
    tls: addresses(1),
    saslTls: addresses(2),
    close: async () => {
      await cluster.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const jaasConfig =
  'org.apache.kafka.common.security.plain.PlainLoginModule required user_root="root \\\\"secret\\\\"" ' +
  'user_alice="alice secret" user_bob="bob secret";'

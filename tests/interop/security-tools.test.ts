import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runKafkaTool, runProgram } from '../support/kafka-tool.ts'
import { type SecuredCluster, startSecuredCluster } from '../support/secured-cluster.ts'

let secured: SecuredCluster
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eyrie-tools-'))
  secured = await startSecuredCluster()
  return async () => {
    await secured.close()
    await rm(directory, { recursive: true, force: true })
  }
})

/** A file for `--command-config`: PLAIN over TLS. */
async function overTls(user: string, password: string): Promise<string> {
  const file = path.join(directory, `${user}-tls.properties`)
  const { authorityFile } = secured.certificates
  await writeFile(
    file,
    [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=PLAIN',
      `sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${user}" password="${password}";`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${authorityFile}`,
      '',
    ].join('\n'),
  )
  return file
}

async function byScram(user: string, password: string, hash: '256' | '512'): Promise<string> {
  const file = path.join(directory, `${user}-${hash}.properties`)
  await writeFile(
    file,
    [
      'security.protocol=SASL_PLAINTEXT',
      `sasl.mechanism=SCRAM-SHA-${hash}`,
      `sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`,
      '',
    ].join('\n'),
  )
  return file
}

async function asRoot(tool: string, args: readonly string[]): Promise<string> {
  const config = await overTls('root', rootPassword)
  const outcome = await runKafkaTool(tool, ['--bootstrap-server', secured.saslTls, '--command-config', config, ...args])
  expect(outcome.exitCode, outcome.stderr + outcome.stdout).toBe(0)
  return outcome.stdout
}

/** Its quotes are kept from JAAS by one backslash, and that from Java's properties by another. */
const rootPassword = 'root \\\\"secret\\\\"'

const acls = 'org.apache.kafka.tools.AclCommand'
const configs = 'kafka.admin.ConfigCommand'
const topics = 'org.apache.kafka.tools.TopicCommand'
const producer = 'org.apache.kafka.tools.ConsoleProducer'
const consumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer'
const perf = 'org.apache.kafka.tools.ProducerPerformance'

test('the secret of the cluster is this user’s alone, and no password stands on a command line', async () => {
  const { mode } = await stat(path.join(secured.cluster.dataDirectory, 'cluster-secret'))
  expect(mode & 0o777).toBe(0o600)
  const commandLine = await readFile(`/proc/${secured.cluster.pidOf(1)}/cmdline`, 'utf8')
  expect(commandLine).toContain('EXTERNAL')
  expect(commandLine).not.toContain('secret')
})

describe('the Java tools', () => {
  test('keep users, let them do what ACLs allow, and tell what is refused', async () => {
    await asRoot(topics, ['--create', '--topic', 'orders', '--partitions', '2', '--replication-factor', '2'])
    const password = 'SCRAM-SHA-256=[iterations=8192,password=pw],SCRAM-SHA-512=[password=pw512]'
    await asRoot(configs, ['--alter', '--entity-type', 'users', '--entity-name', 'dora', '--add-config', password])
    const described = await asRoot(configs, ['--describe', '--entity-type', 'users', '--entity-name', 'dora'])
    expect(described).toContain('SCRAM-SHA-256=iterations=8192, SCRAM-SHA-512=iterations=4096')

    const dora = await byScram('dora', 'pw', '256')
    const produce = ['--bootstrap-server', secured.sasl, '--command-config', dora, '--topic', 'orders']
    const refused = await runKafkaTool(producer, produce, { input: 'too early\n' })
    expect(refused.stderr + refused.stdout).toContain('Not authorized to access topics: [orders]')

    const granted = await asRoot(acls, ['--add', '--allow-principal', 'User:dora', '--producer', '--topic', 'orders'])
    expect(granted).toContain('principal=User:dora, host=*, operation=WRITE, permissionType=ALLOW')
    const prefixed = ['--resource-pattern-type', 'prefixed', '--topic', 'ord', '--group', 'read']
    await asRoot(acls, ['--add', '--allow-principal', 'User:dora', '--consumer', ...prefixed])
    const sent = await runKafkaTool(producer, produce, { input: 'one\ntwo\n' })
    expect(sent.exitCode, sent.stderr).toBe(0)

    const dora512 = await byScram('dora', 'pw512', '512')
    const read = ['--topic', 'orders', '--group', 'readers', '--from-beginning', '--max-messages', '2']
    const got = await runKafkaTool(consumer, ['--bootstrap-server', secured.sasl, '--command-config', dora512, ...read])
    expect(got.stdout.split('\n').filter(Boolean).toSorted()).toEqual(['one', 'two'])

    expect(await asRoot(acls, ['--list', '--topic', 'orders', '--resource-pattern-type', 'match'])).toContain(
      'ResourcePattern(resourceType=TOPIC, name=ord, patternType=PREFIXED)',
    )
    await asRoot(acls, ['--remove', '--force', '--topic', 'orders'])
    await asRoot(acls, ['--add', '--deny-principal', 'User:dora', '--operation', 'Write', '--topic', 'orders'])
    // She may still see the topic, but there is none that she could write to.
    const again = await runKafkaTool(producer, produce, { input: 'too late\n' })
    expect(again.stderr + again.stdout).toContain('Cluster authorization failed.')
  })

  test('are held to their quotas', async () => {
    await asRoot(topics, ['--create', '--topic', 'metered', '--partitions', '1', '--replication-factor', '1'])
    const quota = [
      '--alter',
      '--add-config',
      'producer_byte_rate=500000',
      '--entity-type',
      'users',
      '--entity-name',
      'root',
    ]
    await asRoot(configs, quota)
    expect(await asRoot(configs, ['--describe', '--entity-type', 'users', '--entity-name', 'root'])).toContain(
      'producer_byte_rate=500000.0',
    )
    const config = await overTls('root', rootPassword)
    const load = ['--topic', 'metered', '--num-records', '10000', '--record-size', '1000', '--throughput', '-1']
    const metrics = ['--print-metrics', '--bootstrap-server', secured.saslTls, '--command-config', config]
    const { stdout, stderr, exitCode } = await runKafkaTool(perf, [...load, ...metrics], { timeoutMs: 100_000 })
    expect(exitCode, stderr).toBe(0)
    // 10 MB; half of it at once, since the windows before were empty, the rest at 0.5 MB/s.
    const throttled = /produce-throttle-time-max[^\n]*: ([\d.]+)/.exec(stdout)?.[1]
    expect(Number(throttled)).toBeGreaterThan(500)
    const megabytesPerSecond = Number(/10000 records sent, [\d.]+ records\/sec \(([\d.]+) MB\/sec\)/.exec(stdout)?.[1])
    expect(megabytesPerSecond).toBeLessThan(1.5)
    await asRoot(configs, [
      '--alter',
      '--delete-config',
      'producer_byte_rate',
      '--entity-type',
      'users',
      '--entity-name',
      'root',
    ])
  })
})

describe('kcat', () => {
  async function kcat(broker: string, settings: readonly string[], args: readonly string[], input?: string) {
    const options = settings.flatMap((setting) => ['-X', setting])
    const outcome = await runProgram('kcat', ['-b', broker, ...options, ...args], { input, timeoutMs: 30_000 })
    expect(outcome.exitCode, outcome.stderr).toBe(0)
    return outcome.stdout
  }

  test('comes in by PLAIN, by SCRAM over TLS, and by a certificate', async () => {
    const { authorityFile, client } = secured.certificates
    await asRoot(topics, ['--create', '--topic', 'kcat', '--partitions', '1', '--replication-factor', '1'])
    await asRoot(configs, [
      '--alter',
      '--entity-type',
      'users',
      '--entity-name',
      'erik',
      '--add-config',
      'SCRAM-SHA-512=[password=pw]',
    ])
    for (const user of ['alice', 'erik', 'carol']) {
      await asRoot(acls, ['--add', '--allow-principal', `User:${user}`, '--operation', 'All', '--topic', 'kcat'])
    }
    const plain = [
      'security.protocol=SASL_PLAINTEXT',
      'sasl.mechanism=PLAIN',
      'sasl.username=alice',
      'sasl.password=alice secret',
    ]
    const scram = [
      'security.protocol=SASL_SSL',
      'sasl.mechanism=SCRAM-SHA-512',
      'sasl.username=erik',
      'sasl.password=pw',
      `ssl.ca.location=${authorityFile}`,
    ]
    const mutual = [
      'security.protocol=SSL',
      `ssl.ca.location=${authorityFile}`,
      `ssl.certificate.location=${client.file}`,
      `ssl.key.location=${client.file}`,
    ]
    await kcat(secured.sasl, plain, ['-P', '-t', 'kcat', '-p', '0'], 'plain\n')
    await kcat(secured.saslTls, scram, ['-P', '-t', 'kcat', '-p', '0'], 'scram\n')
    await kcat(secured.tls, mutual, ['-P', '-t', 'kcat', '-p', '0'], 'mutual\n')
    const read = ['-C', '-t', 'kcat', '-p', '0', '-o', 'beginning', '-e', '-q']
    expect(await kcat(secured.tls, mutual, read)).toBe('plain\nscram\nmutual\n')
  })
})

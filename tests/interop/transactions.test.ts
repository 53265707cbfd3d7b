import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { javaHashCode } from '../../broker/coordinator/coordinator-topic.ts'
import { ClusterClient } from '../broker/cluster/cluster-client.ts'
import { readCommitted } from '../broker/cluster/read-committed.ts'
import { TransactionalProducer } from '../broker/cluster/transactional-producer.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { type ProgramOptions, type ProgramOutcome, runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

const inputPartitions = 2
/** Of each partition before each kill: enough for the copiers to be at it when the kill comes. */
const recordsFed = 500
const copyTimeoutMs = 120_000

let cluster: TestCluster
let client: ClusterClient

beforeAll(async () => {
  cluster = await startTestCluster({
    properties: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000' },
  })
  client = new ClusterClient(cluster.brokers)
  return async () => {
    client.close()
    await cluster.stop()
  }
})

function runTool(name: string, command: string, options?: ProgramOptions): Promise<ProgramOutcome> {
  return runKafkaTool(`org.apache.kafka.tools.${name}`, command.split(' '), options)
}

async function tool(name: string, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runTool(name, `--bootstrap-server ${cluster.bootstrap} ${command}`)
  expect(exitCode, `${name} ${command}: ${stderr}${stdout}`).toBe(0)
  return stdout
}

/** What a consumer of Apache Kafka sees with read_committed, up to the last stable offset of each partition. */
async function consumeCommitted(topic: string, count: number): Promise<string[]> {
  const options = `--topic ${topic} --from-beginning --isolation-level read_committed --timeout-ms 15000`
  const output = await tool('consumer.ConsoleConsumer', `${options} --max-messages ${count}`)
  return output.split('\n').filter((line) => line !== '')
}

/** Copies one partition up to its end, and starts again where a death ended it, as an application would be. */
async function copy(partition: number, killing: AbortSignal): Promise<void> {
  const options = [
    `--broker-list ${cluster.bootstrap} --input-topic input --input-partition ${partition} --output-topic output`,
    `--consumer-group copiers-${partition} --transactional-id copier-${partition} --transaction-timeout 10000`,
    `--transaction-size 5 --enable-random-aborts --use-group-metadata --max-messages -1`,
  ].join(' ')
  for (let attempt = 1; ; attempt++) {
    const signal = attempt === 1 ? killing : undefined
    const outcome = await runTool('TransactionalMessageCopier', options, { timeoutMs: copyTimeoutMs, signal })
    if (outcome.exitCode === 0) return
    if (attempt === 5) throw new Error(`The copier of partition ${partition} ended: ${outcome.stdout}${outcome.stderr}`)
  }
}

describe('exactly once', () => {
  test('TransactionalMessageCopier copies each record once while brokers and copiers are killed', {
    timeout: 400_000,
  }, async () => {
    await client.createTopic('input', { partitions: inputPartitions })
    await client.createTopic('output', { partitions: 3 })
    await client.waitForFullIsr('output')
    const killBroker = async (choose: () => Promise<number>) => {
      cluster.kill(await waitFor('a broker to kill', () => choose().catch(() => undefined)))
    }
    const kills = [
      () => killBroker(() => client.leaderOf('output', 0)),
      () => killBroker(() => client.coordinatorOf('copier-0', 'transactional id')),
      (copiers: AbortController) => copiers.abort(),
      () => killBroker(() => client.coordinatorOf('copiers-1')),
      () => killBroker(() => client.controllerId()),
    ]
    const fed: string[] = []
    for (const kill of kills) {
      fed.push(...(await feed(fed.length / inputPartitions)))
      const before = await outputSize()
      const copiers = new AbortController()
      let isOver = false
      const copies = Array.from({ length: inputPartitions }, (_, partition) => copy(partition, copiers.signal))
      const isCopied = Promise.all(copies).finally(() => {
        isOver = true
      })
      await waitFor('the copiers to be at it', async () => isOver || (await outputSize()) > before + 50, {
        timeoutMs: 90_000,
      })
      expect(isOver, 'the copiers are done before the kill').toBe(false)
      await kill(copiers)
      await isCopied
      await client.waitForFullIsr('output', 60_000)
    }
    const copied = await consumeCommitted('output', fed.length + 1)
    expect(copied.toSorted()).toEqual(fed.toSorted())
  })

  async function feed(first: number): Promise<string[]> {
    const fed: string[] = []
    for (let partition = 0; partition < inputPartitions; partition++) {
      const values = Array.from({ length: recordsFed }, (_, i) => `${partition}-${first + i}`)
      await client.produce('input', partition, values)
      fed.push(...values)
    }
    return fed
  }

  async function outputSize(): Promise<number> {
    const partitions = await client.describeTopic('output').catch(() => [])
    const counts = partitions.map(({ partitionIndex }) => client.endOffset('output', partitionIndex).catch(() => 0))
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }
})

describe('TransactionsCommand', () => {
  test('lists and describes transactions', async () => {
    await client.createTopic('described')
    const producer = await TransactionalProducer.init(client, 'described-id')
    await producer.write('described', 0, ['open'])
    const { producerId } = producer
    expect(await tool('TransactionsCommand', 'list')).toMatch(
      new RegExp(`^described-id\\s+\\d+\\s+${producerId}\\s+Ongoing`, 'm'),
    )
    expect(await tool('TransactionsCommand', 'list --transactional-id-pattern desc.*-id')).toContain('described-id')
    expect(await tool('TransactionsCommand', 'list --transactional-id-pattern other.*')).not.toContain('described-id')
    expect(await tool('TransactionsCommand', 'list --duration-filter 3600000')).not.toContain('described-id')
    const description = await tool('TransactionsCommand', 'describe --transactional-id described-id')
    expect(description).toMatch(new RegExp(`described-id\\s+${producerId}\\s+0\\s+Ongoing\\s+60000`))
    expect(description).toContain('described-0')
    await producer.end(true)
  })

  test('finds a hanging transaction and aborts it', { timeout: 240_000 }, async () => {
    await client.createTopic('hanging')
    const configs = '--entity-type brokers --entity-default --alter --add-config'
    const altered = await runKafkaTool('kafka.admin.ConfigCommand', [
      ...`--bootstrap-server ${cluster.bootstrap} ${configs}`.split(' '),
      'transaction.partition.verification.enable=false',
    ])
    expect(altered.exitCode, altered.stderr).toBe(0)
    const producer = await TransactionalProducer.init(client, 'hanging-id', { version: 0 })
    // The coordinator never hears of the partition, so that nobody will end what is written to it.
    await producer.write('hanging', 0, ['hangs'])
    await client.produce('hanging', 0, ['behind it'])
    const at = '--topic hanging --partition 0'
    const isFound = async () => {
      const found = await tool('TransactionsCommand', `find-hanging ${at} --max-transaction-timeout 0`)
      return found.includes(String(producer.producerId))
    }
    // Only what is older than the five minutes that the tool leaves to coordinators would be found, were it not for the 0.
    await waitFor('the transaction to hang', isFound, { timeoutMs: 120_000, intervalMs: 2_000 })
    await tool('TransactionsCommand', `abort ${at} --start-offset 0`)
    expect(await readCommitted(client, 'hanging', 0)).toEqual(['behind it'])
  })
})

test('DumpLogSegments reads the log of transactions', async () => {
  const producer = await TransactionalProducer.init(client, 'dumped-id')
  await client.createTopic('dumped')
  await producer.write('dumped', 0, ['value'])
  await producer.end(true)
  const partition = (javaHashCode('dumped-id') & 0x7fffffff) % 50
  const leader = await client.leaderOf('__transaction_state', partition)
  const log = join(cluster.dataDirectory, `broker-${leader}`, `__transaction_state-${partition}`)
  const files = join(log, '00000000000000000000.log')
  const dump = async () => (await runTool('DumpLogSegments', `--transaction-log-decoder --files ${files}`)).stdout
  // Statuses as Kafka numbers them: 1 is Ongoing, 4 CompleteCommit.
  const dumped = await waitFor(
    'the end',
    async () => {
      const output = await dump()
      return output.includes('"transactionStatus":4') && output
    },
    { timeoutMs: 60_000 },
  )
  expect(dumped).toMatch(/"transactionalId":"dumped-id".*"transactionStatus":1,.*"topic":"dumped","partitionIds":\[0\]/)
})

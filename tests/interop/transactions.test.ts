import { beforeAll, describe, expect, test } from 'vitest'
import { ClusterClient } from '../broker/cluster/cluster-client.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { type ProgramOutcome, runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

const inputPartitions = 2
/** So many, in transactions so small, that the copiers are at it until the last broker is killed. */
const records = 8_000
const copyTimeoutMs = 240_000

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

function runTool(name: string, command: string, timeoutMs?: number): Promise<ProgramOutcome> {
  return runKafkaTool(`org.apache.kafka.tools.${name}`, command.split(' '), { timeoutMs })
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

/** Copies one partition, and starts again where a broker's death ended it, as an application would be. */
async function copy(partition: number, output: string): Promise<void> {
  const group = `copiers-${partition}`
  const options = [
    `--broker-list ${cluster.bootstrap} --input-topic input --input-partition ${partition} --output-topic ${output}`,
    `--consumer-group ${group} --transactional-id copier-${partition} --transaction-size 5 --transaction-timeout 10000`,
    `--enable-random-aborts --use-group-metadata --max-messages -1`,
  ].join(' ')
  for (let attempt = 1; ; attempt++) {
    const { exitCode, stdout, stderr } = await runTool('TransactionalMessageCopier', options, copyTimeoutMs)
    if (exitCode === 0) return
    if (attempt === 5)
      throw new Error(`The copier of partition ${partition} ended with ${exitCode}: ${stdout}${stderr}`)
  }
}

describe('exactly once', () => {
  test('TransactionalMessageCopier copies each record once while brokers are killed', {
    timeout: 400_000,
  }, async () => {
    await client.createTopic('input', { partitions: inputPartitions })
    await client.createTopic('output', { partitions: 3 })
    for (let partition = 0; partition < inputPartitions; partition++) {
      for (let first = 0; first < records; first += 500) {
        const values = Array.from({ length: 500 }, (_, i) => `${partition}-${first + i}`)
        await client.produce('input', partition, values)
      }
    }
    const copies = Array.from({ length: inputPartitions }, (_, partition) => copy(partition, 'output'))
    let isOver = false
    const isCopied = Promise.all(copies).finally(() => {
      isOver = true
    })
    const victims = [
      async () => (await client.requirePartition('output', 0)).leaderId,
      () => client.coordinatorOf('copier-0', 'transactional id'),
      () => client.coordinatorOf('copiers-1'),
      () => client.controllerId(),
    ]
    for (const choose of victims) {
      await waitForGrowth()
      expect(isOver, 'the copiers are done before the last kill').toBe(false)
      cluster.kill(await waitFor('a broker to kill', () => choose().catch(() => undefined)))
      await client.waitForFullIsr('output', 60_000)
    }
    await isCopied

    const expected = Array.from({ length: inputPartitions }, (_, partition) => {
      return Array.from({ length: records }, (_, i) => `${partition}-${i}`)
    }).flat()
    const copied = await consumeCommitted('output', expected.length + 1)
    expect(copied.length).toBe(expected.length)
    expect(new Set(copied)).toEqual(new Set(expected))
  })

  /** Enough is under way again to be disturbed. */
  async function waitForGrowth(): Promise<void> {
    const size = async () => {
      const partitions = await client.describeTopic('output').catch(() => [])
      const counts = partitions.map(({ partitionIndex }) => client.endOffset('output', partitionIndex).catch(() => 0))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    }
    const before = await size()
    await waitFor('the copiers to go on', async () => (await size()) > before + 100, {
      timeoutMs: 90_000,
    })
  }
})

describe('TransactionsCommand', () => {
  const producerId = async (transactionalId: string) => (await client.beginTransaction(transactionalId)).producerId

  test('lists and describes transactions', async () => {
    await client.createTopic('described')
    const transaction = await client.beginTransaction('described-id')
    await transaction.add('described', 0)
    const list = await tool('TransactionsCommand', 'list')
    expect(list).toMatch(new RegExp(`^described-id\\s+\\d+\\s+${transaction.producerId}\\s+Ongoing`, 'm'))
    expect(await tool('TransactionsCommand', 'list --transactional-id-pattern desc.*-id')).toContain('described-id')
    expect(await tool('TransactionsCommand', 'list --transactional-id-pattern other.*')).not.toContain('described-id')
    expect(await tool('TransactionsCommand', 'list --duration-filter 3600000')).not.toContain('described-id')
    const description = await tool('TransactionsCommand', 'describe --transactional-id described-id')
    expect(description).toMatch(new RegExp(`described-id\\s+${transaction.producerId}\\s+0\\s+Ongoing\\s+60000`))
    expect(description).toContain('described-0')
    await transaction.end(true)
  })

  test('finds a hanging transaction and aborts it', { timeout: 180_000 }, async () => {
    await client.createTopic('hanging')
    await client.setBrokerConfig('transaction.partition.verification.enable', 'false')
    const transaction = await client.beginTransaction('hanging-id')
    // Without having added the partition: nobody but this partition knows of the transaction.
    await transaction.write('hanging', 0, ['hangs'])
    const find = `find-hanging --topic hanging --partition 0 --max-transaction-timeout 0`
    const found = await waitFor(
      'the transaction to hang',
      async () => {
        const output = await tool('TransactionsCommand', find)
        return output.includes(String(transaction.producerId)) && output
      },
      { timeoutMs: 120_000, intervalMs: 5_000 },
    )
    const [startOffset] = found.match(/(?<=hanging\s+0\s+\d+\s+\d+\s+\S+\s+)\d+/) ?? ['0']
    await tool('TransactionsCommand', `abort --topic hanging --partition 0 --start-offset ${startOffset}`)
    await client.produce('hanging', 0, ['after'])
    expect(await consumeCommitted('hanging', 1)).toEqual(['after'])
  })
})

test('DumpLogSegments reads the log of transactions', async () => {
  const transaction = await client.beginTransaction('dumped-id')
  await client.createTopic('dumped')
  await transaction.add('dumped', 0)
  await transaction.end(true)
  const { files, partition } = await client.transactionLog('dumped-id', cluster.dataDirectory)
  expect(partition).toBeGreaterThanOrEqual(0)
  const output = await runTool('DumpLogSegments', `--transaction-log-decoder --files ${files}`)
  expect(output.stdout).toContain('dumped-id')
})

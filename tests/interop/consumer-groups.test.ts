import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { provideApacheKafkaJars } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

/* Apache Kafka's own consumers in the protocol of KIP-848, and its tools on their groups. */

const groupCommand = 'consumer.group.ConsumerGroupCommand'
const recordCount = 600

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({
    properties: {
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'group.initial.rebalance.delay.ms': '0',
      'group.consumer.min.heartbeat.interval.ms': '500',
      'group.consumer.heartbeat.interval.ms': '500',
      'group.consumer.min.session.timeout.ms': '3000',
      'group.consumer.session.timeout.ms': '6000',
      'group.consumer.assignment.interval.ms': '0',
    },
  })
  await tool('TopicCommand', '--create --topic moving --partitions 6')
  return () => cluster.stop()
})

async function tool(name: string, command: string): Promise<string> {
  const args = ['--bootstrap-server', cluster.bootstrap, ...command.split(' ')]
  const { exitCode, stdout, stderr } = await runKafkaTool(`org.apache.kafka.tools.${name}`, args)
  expect(exitCode, `${name} ${command}: ${stderr}${stdout}`).toBe(0)
  return stdout
}

interface RunningConsumer {
  readonly process: ChildProcess
  output(): string
}

const running = new Set<ChildProcess>()

/** What DumpLogSegments makes of the groups' records on one broker. */
async function dumpGroups(): Promise<string> {
  const directory = join(cluster.dataDirectory, 'broker-1')
  const folders = (await readdir(directory)).filter((name) => name.startsWith('__consumer_offsets-'))
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = (await readdir(join(directory, folder))).filter((name) => name.endsWith('.log'))
      return names.map((name) => join(directory, folder, name))
    }),
  )
  const args = ['--offsets-decoder', '--files', files.flat().join(',')]
  const { stdout } = await runKafkaTool('org.apache.kafka.tools.DumpLogSegments', args)
  return stdout
}

async function startConsumer(group: string, protocol: string, topic = 'moving'): Promise<RunningConsumer> {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const tool = 'org.apache.kafka.tools.VerifiableConsumer'
  const args = ['--bootstrap-server', cluster.bootstrap, '--topic', topic, '--group-id', group]
  const options = ['--group-protocol', protocol, '--reset-policy', 'earliest']
  const child = spawn('java', ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', classPath, tool, ...args, ...options])
  running.add(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  return { process: child, output: () => output }
}

async function stopConsumers(
  signal: NodeJS.Signals = 'SIGTERM',
  which: Iterable<ChildProcess> = running,
): Promise<void> {
  for (const child of [...which]) {
    running.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill(signal)
    await once(child, 'close')
  }
}

function consumed({ output }: RunningConsumer): number {
  const counts = output().matchAll(/"name":"records_consumed".*?"count":(\d+)/g)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

/** State, assignor and members of a group as ConsumerGroupCommand tells them. */
async function stateOf(group: string): Promise<string> {
  return tool(groupCommand, `--describe --group ${group} --state`)
}

async function sizesOf(group: string): Promise<number[]> {
  const description = await tool(groupCommand, `--describe --group ${group} --members`)
  const rows = description.split('\n').filter((line) => line.startsWith(group))
  return rows.map((row) => Number(row.match(/(\d+)\s*$/)?.[1] ?? -1)).sort()
}

test('ConsoleConsumer reads everything, and ConsumerGroupCommand lists, describes, resets and deletes its group', async () => {
  await tool('VerifiableProducer', `--topic moving --max-messages ${recordCount} --acks -1`)
  const reading = `--topic moving --group console --from-beginning --max-messages ${recordCount} --timeout-ms 40000`
  const output = await tool('consumer.ConsoleConsumer', `${reading} --consumer-property group.protocol=consumer`)
  expect(output.match(/^\d+$/gm)).toHaveLength(recordCount)
  expect(await tool(groupCommand, '--list --type')).toMatch(/console\s+Consumer/i)
  const description = await tool(groupCommand, '--describe --group console --offsets')
  const committed = [...description.matchAll(/^console\s+moving\s+\d+\s+(\d+)\s/gm)].map(([, offset]) => Number(offset))
  expect(committed.reduce((sum, offset) => sum + offset, 0)).toBe(recordCount)
  const reset = await tool(groupCommand, '--reset-offsets --group console --topic moving --to-earliest --execute')
  expect([...reset.matchAll(/^console\s+moving\s+\d+\s+0\s*$/gm)]).toHaveLength(6)
  expect(await tool(groupCommand, '--delete --group console')).toMatch(
    /Deletion of requested consumer groups.*successful/,
  )
})

test('members that come, leave and are killed share the partitions evenly', async () => {
  try {
    const first = await startConsumer('sharers', 'consumer')
    await waitFor('the first reads all', () => consumed(first) === recordCount, { timeoutMs: 60_000 })
    const second = await startConsumer('sharers', 'consumer')
    await waitFor('two share', async () => `${await sizesOf('sharers')}` === '3,3', { timeoutMs: 60_000 })
    await waitFor('the group is stable', async () => /Stable\s+2/.test(await stateOf('sharers')), { timeoutMs: 60_000 })
    await stopConsumers('SIGKILL', [second.process])
    await waitFor('the killed one is replaced', async () => `${await sizesOf('sharers')}` === '6', {
      timeoutMs: 60_000,
    })
  } finally {
    await stopConsumers()
  }
})

test('a group survives the death of its coordinator, and reads on', async () => {
  try {
    const consumer = await startConsumer('survivors', 'consumer')
    await waitFor('it reads all', () => consumed(consumer) >= recordCount, { timeoutMs: 60_000 })
    const coordinator = (await stateOf('survivors')).match(/\(?(\d+)\)?\s+uniform/)?.[1]
    cluster.kill(Number(coordinator))
    await tool('VerifiableProducer', '--topic moving --max-messages 60 --acks -1')
    await waitFor('it reads on', () => consumed(consumer) >= recordCount + 60, { timeoutMs: 60_000 })
    await waitFor('it is stable', async () => /Stable\s+1/.test(await stateOf('survivors')), { timeoutMs: 60_000 })
  } finally {
    await stopConsumers()
  }
})

test('a classic group changes its protocol while it reads, and changes back', async () => {
  try {
    const classic = await startConsumer('migrants', 'classic')
    await waitFor('the classic member reads', () => consumed(classic) >= recordCount, { timeoutMs: 60_000 })
    const modern = await startConsumer('migrants', 'consumer')
    await waitFor('both share', async () => `${await sizesOf('migrants')}` === '3,3', { timeoutMs: 60_000 })
    expect(await tool(groupCommand, '--list --type')).toMatch(/migrants\s+Consumer/i)
    await stopConsumers('SIGTERM', [modern.process])
    await waitFor(
      'it is classic again',
      async () => /migrants\s+Classic/i.test(await tool(groupCommand, '--list --type')),
      { timeoutMs: 60_000 },
    )
    await waitFor('the classic member has all', async () => `${await sizesOf('migrants')}` === '6', {
      timeoutMs: 60_000,
    })
  } finally {
    await stopConsumers()
  }
})

test('DumpLogSegments decodes every kind of record that a consumer group has', async () => {
  const dumped = await dumpGroups()
  for (const type of [3, 5, 6, 7, 8]) expect(dumped).toContain(`key: {"type":"${type}","data":{"groupId":"survivors"`)
  expect(dumped).toMatch(/"memberEpoch":\d+,"previousMemberEpoch":\d+,"state":0,"assignedPartitions":\[\{/)
  expect(dumped).not.toMatch(/unknown|failed/i)
})

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { provideApacheKafkaJars } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({
    properties: {
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'group.initial.rebalance.delay.ms': '0',
    },
  })
  return () => cluster.stop()
})

async function tool(name: string, command: string): Promise<string> {
  const args = ['--bootstrap-server', cluster.bootstrap, ...command.split(' ')]
  const { exitCode, stdout, stderr } = await runKafkaTool(`org.apache.kafka.tools.${name}`, args)
  expect(exitCode, `${name} ${command}: ${stderr}${stdout}`).toBe(0)
  return stdout
}

/** Tools that print a line of JSON for everything that happens. */
function eventsOf(output: string): { name: string; [key: string]: unknown }[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** The sum of the committed offsets; a partition that the producer passed by has none. */
function committedOf(description: string): number {
  const rows = description.matchAll(/^verifiers\s+verified\s+\d+\s+(\d+)\s/gm)
  return [...rows].reduce((sum, [, committed]) => sum + Number(committed), 0)
}

test('VerifiableProducer has every record acknowledged by all replicas', async () => {
  await tool('TopicCommand', '--create --topic verified --partitions 3')
  const events = eventsOf(await tool('VerifiableProducer', '--topic verified --max-messages 500 --acks -1'))
  expect(events.filter(({ name }) => name === 'producer_send_success')).toHaveLength(500)
  expect(events.at(-1)).toMatchObject({ name: 'tool_data', sent: 500, acked: 500 })
  const offsets = await tool('GetOffsetShell', '--topic verified')
  const ends = offsets.match(/(?<=:)\d+$/gm) ?? []
  expect(ends.reduce((sum, end) => sum + Number(end), 0)).toBe(500)
})

test('VerifiableConsumer joins a group that ConsumerGroupCommand describes, reads everything and leaves', async () => {
  const consumer = await startVerifiableConsumer()
  try {
    await waitFor('everything is consumed', () => consumed(consumer.output()) === 500, { timeoutMs: 60_000 })
    const group = 'consumer.group.ConsumerGroupCommand'
    expect(await tool(group, '--describe --group verifiers --members')).toMatch(
      /verifiers\s+\S+\s+\S*127\.0\.0\.1\s.*\s3\s*$/m,
    )
    expect(await tool(group, '--describe --group verifiers --state')).toMatch(/range\s+Stable\s+1/)
    await waitFor(
      'everything is committed',
      async () => committedOf(await tool(group, '--describe --group verifiers')) === 500,
      { timeoutMs: 30_000 },
    )
  } finally {
    await consumer.stop()
  }
  const names = eventsOf(consumer.output()).map(({ name }) => name)
  expect(names).toContain('partitions_assigned')
  expect(names).toContain('shutdown_complete')
})

test('ProducerPerformance and ConsumerPerformance move what they were asked to', async () => {
  await tool('TopicCommand', '--create --topic heavy --partitions 3')
  const produced = await tool(
    'ProducerPerformance',
    '--topic heavy --num-records 20000 --record-size 1000 --throughput -1',
  )
  expect(produced).toMatch(/^20000 records sent/m)
  const consumed = await tool('ConsumerPerformance', '--topic heavy --num-records 20000')
  expect(consumed.split('\n').at(-2)?.split(', ')[4]).toBe('20000')
})

test('LogDirsCommand tells every replica with its size', async () => {
  const told = await tool('LogDirsCommand', '--describe --topic-list heavy')
  const json = told.split('\n').find((line) => line.startsWith('{')) ?? ''
  const { brokers } = JSON.parse(json) as {
    brokers: { broker: number; logDirs: { error: string | null; partitions: { size: number }[] }[] }[]
  }
  expect(brokers.map(({ broker }) => broker).toSorted()).toEqual([1, 2, 3])
  for (const { logDirs } of brokers) {
    expect(logDirs).toHaveLength(1)
    expect(logDirs[0]?.error).toBeNull()
    expect(logDirs[0]?.partitions).toHaveLength(3)
    expect(logDirs[0]?.partitions.reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(20_000_000)
  }
})

test('MetadataQuorumCommand tells the leader, the voters and how far each is', async () => {
  const status = await tool('MetadataQuorumCommand', 'describe --status')
  const leader = /LeaderId:\s+(\d)/.exec(status)?.[1]
  expect(status).toMatch(/CurrentVoters:\s+\[\{"id": 1, .*\{"id": 2, .*\{"id": 3, /)
  const replication = await tool('MetadataQuorumCommand', 'describe --replication')
  expect(replication).toMatch(new RegExp(`^${leader}\\s.*Leader\\s*$`, 'm'))
  expect(replication.match(/Follower\s*$/gm)).toHaveLength(2)
})

test('FeatureCommand knows the level of the metadata', async () => {
  expect(await tool('FeatureCommand', 'describe')).toMatch(
    /metadata\.version\s+SupportedMinVersion: 3\.3-IV3\s+SupportedMaxVersion: 4\.3-IV0\s+FinalizedVersionLevel: 4\.3-IV0/,
  )
})

test('ReassignPartitionsCommand moves partitions below a throttle, cancels moves, and takes the throttle away', async () => {
  await tool('TopicCommand', '--create --topic moved --replica-assignment 1:2')
  await tool('ProducerPerformance', '--topic moved --num-records 5000 --record-size 1000 --throughput -1')
  const moveTo = async (...replicas: number[]) => {
    const file = join(cluster.dataDirectory, `move-${replicas.join('-')}.json`)
    await writeFile(file, JSON.stringify({ version: 1, partitions: [{ topic: 'moved', partition: 0, replicas }] }))
    return `--reassignment-json-file ${file}`
  }
  const reassign = (command: string) => tool('reassign.ReassignPartitionsCommand', command)

  const move = await moveTo(1, 3)
  expect(await reassign(`--execute ${move} --throttle 1000`)).toContain('Successfully started partition reassignment')
  expect(await reassign('--list')).toMatch(/moved-0: replicas: 1,3,2\. adding: 3\. removing: 2\./)
  expect(await reassign(`--verify ${move}`)).toContain('moved-0 is still in progress')
  expect(await reassign(`--cancel ${move}`)).toContain('Successfully cancelled partition reassignment for: moved-0')
  expect(await tool('TopicCommand', '--describe --topic moved')).toMatch(/Replicas: 1,2\s/)

  await reassign(`--execute ${move} --throttle 1000`)
  await reassign(`--execute ${move} --throttle 100000000 --additional`)
  await waitFor(
    'the partition has moved',
    async () => (await reassign(`--verify ${move}`)).includes('moved-0 is completed'),
    { timeoutMs: 90_000 },
  )
  expect(await tool('TopicCommand', '--describe --topic moved')).toMatch(/Replicas: 1,3\s/)
  expect(await tool('TopicCommand', '--describe --topics-with-overrides')).not.toContain('throttled')
}, 300_000)

function consumed(output: string): number {
  const counts = eventsOf(output).filter(({ name }) => name === 'records_consumed')
  return counts.reduce((sum, { count }) => sum + Number(count), 0)
}

async function startVerifiableConsumer() {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const args = ['--topic', 'verified', '--group-id', 'verifiers', '--reset-policy', 'earliest']
  const command = ['-cp', classPath, 'org.apache.kafka.tools.VerifiableConsumer', '--bootstrap-server']
  const child: ChildProcess = spawn('java', ['-Xmx256m', ...command, cluster.bootstrap, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  const exited = once(child, 'exit')
  return {
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

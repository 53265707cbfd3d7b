import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { provideApacheKafkaJars } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

const shareGroups = 'org.apache.kafka.tools.consumer.group.ShareGroupCommand'
const consoleConsumer = 'org.apache.kafka.tools.consumer.ConsoleShareConsumer'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({ properties: { 'group.share.record.lock.duration.ms': '5000' } })
  return () => cluster.stop()
})

async function tool(className: string, command: string, input?: string): Promise<string> {
  const args = ['--bootstrap-server', cluster.bootstrap, ...command.split(' ')]
  const { exitCode, stdout, stderr } = await runKafkaTool(className, args, { input })
  expect(exitCode, `${className} ${command}: ${stderr}${stdout}`).toBe(0)
  return stdout
}

async function beginAtEarliest(group: string): Promise<void> {
  const alteration = `--alter --add-config share.auto.offset.reset=earliest --entity-type groups --entity-name ${group}`
  await tool('kafka.admin.ConfigCommand', alteration)
}

async function createTopic(topic: string, partitions: number): Promise<void> {
  await tool('org.apache.kafka.tools.TopicCommand', `--create --topic ${topic} --partitions ${partitions}`)
}

test('ConsoleShareConsumer empties the queue, and ShareGroupCommand says so as of Apache Kafka', async () => {
  await createTopic('letters', 1)
  await tool('org.apache.kafka.tools.ConsoleProducer', '--topic letters', 'a\nb\nc\nd\ne\n')
  await beginAtEarliest('readers')
  const read = await tool(consoleConsumer, '--topic letters --group readers --max-messages 5 --timeout-ms 30000')
  expect(read.split('\n').slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'e'])
  // As Apache Kafka 4.3.1 has it: the start is the one before the last acknowledgement, the lag knows better.
  expect(await tool(shareGroups, '--describe --group readers --offsets')).toMatch(/^readers\s+letters\s+0\s+0\s+0\s*$/m)
  expect(await tool(shareGroups, '--list --state')).toMatch(/^readers\s+Empty\s*$/m)
  expect(await tool('org.apache.kafka.tools.GroupsCommand', '--list')).toMatch(/^readers\s+Share\s+share\s*$/m)
  expect(await tool(shareGroups, '--describe --group readers --state')).toMatch(
    /^readers\s+\S+\s+\(\d\)\s+Empty\s+0\s*$/m,
  )
})

test('ShareGroupCommand resets and deletes offsets, and deletes the group', async () => {
  const reset = await tool(shareGroups, '--reset-offsets --group readers --topic letters --to-earliest --execute')
  expect(reset).toMatch(/^readers\s+letters\s+0\s+0\s*$/m)
  expect(await tool(shareGroups, '--describe --group readers --offsets')).toMatch(/^readers\s+letters\s+0\s+0\s+5\s*$/m)
  const again = await tool(consoleConsumer, '--topic letters --group readers --max-messages 5 --timeout-ms 30000')
  expect(again.split('\n').slice(0, 5)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(await tool(shareGroups, '--delete-offsets --group readers --topic letters')).toMatch(/^letters\s+Successful/m)
  expect(await tool(shareGroups, '--describe --group readers --offsets')).toContain('has no offset information')
  expect(await tool(shareGroups, '--delete --group readers')).toContain('was successful')
  expect(await tool(shareGroups, '--list')).not.toContain('readers')
})

test('what one VerifiableShareConsumer leaves when it is killed another gets; each record is acknowledged', async () => {
  await createTopic('verified', 1)
  await beginAtEarliest('verifiers')
  const consumers = [await startVerifiableConsumer(), await startVerifiableConsumer()]
  try {
    await waitFor('both to be there', async () => {
      const described = await tool(shareGroups, '--describe --group verifiers --members')
      return (described.match(/^verifiers\s/gm)?.length ?? 0) === 2
    })
    await tool(
      'org.apache.kafka.tools.VerifiableProducer',
      '--topic verified --max-messages 2000 --acks -1 --throughput 1000',
    )
    await waitFor('something to be consumed', () => consumers.every(({ count }) => count('offsets_acknowledged') > 0))
    consumers[0]?.kill()
    await tool('org.apache.kafka.tools.VerifiableProducer', '--topic verified --max-messages 2000 --acks -1')
    await waitFor(
      'nothing to be left',
      async () => {
        const rows = (await tool(shareGroups, '--describe --group verifiers --offsets')).matchAll(
          /^verifiers\s+verified\s+\d\s+\d+\s+(\d+)\s*$/gm,
        )
        const lags = [...rows].map(([, lag]) => Number(lag))
        return lags.length === 1 && lags.every((lag) => lag === 0)
      },
      { timeoutMs: 60_000 },
    )
    const acknowledged = consumers.reduce((sum, { count }) => sum + count('offsets_acknowledged'), 0)
    // What the killed one was told last may not have reached us.
    expect(acknowledged).toBeLessThanOrEqual(4_000)
    expect(acknowledged).toBeGreaterThan(2_000)
  } finally {
    for (const consumer of consumers) await consumer.stop()
  }
})

test('ShareConsumerPerformance shares a topic between three consumers', async () => {
  await createTopic('heavy', 3)
  const load = '--topic heavy --num-records 30000 --record-size 500 --throughput -1'
  await tool('org.apache.kafka.tools.ProducerPerformance', load)
  await beginAtEarliest('movers')
  const options = '--topic heavy --group movers --num-records 30000 --threads 3 --hide-header --timeout 30000'
  const moved = await tool('org.apache.kafka.tools.ShareConsumerPerformance', options)
  expect(Number(moved.trim().split('\n').at(-1)?.split(', ')[5])).toBeGreaterThanOrEqual(30_000)
})

test('DumpLogSegments reads __share_group_state', async () => {
  const folder = join(cluster.dataDirectory, 'broker-1')
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('__share_group_state-'))
    .flatMap((name) => {
      const logs = readdirSync(join(folder, name)).filter((file) => file.endsWith('.log'))
      return logs.map((file) => join(folder, name, file))
    })
    .filter((file) => statSync(file).size > 0)
  const args = ['--share-group-state-decoder', '--files', files.join(',')]
  const { stdout } = await runKafkaTool('org.apache.kafka.tools.DumpLogSegments', args)
  expect(stdout).toMatch(/"SHARE_SNAPSHOT|"type":"0"/)
  expect(stdout).toMatch(/"stateBatches":\[\{"firstOffset":\d+,"lastOffset":\d+,"deliveryState":2,"deliveryCount":1\}/)
})

async function startVerifiableConsumer() {
  const { classPath } = await provideApacheKafkaJars('4.3.1')
  const args = ['--topic', 'verified', '--group-id', 'verifiers', '--acknowledgement-mode', 'sync']
  const command = ['-cp', classPath, 'org.apache.kafka.tools.VerifiableShareConsumer', '--bootstrap-server']
  const child: ChildProcess = spawn('java', ['-Xmx256m', ...command, cluster.bootstrap, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  const exited = once(child, 'exit')
  return {
    /** The sum of an event's counts. */
    count: (event: string) => {
      const lines = output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
      return lines
        .map((line) => JSON.parse(line) as { name: string; count?: number })
        .reduce((sum, { name, count = 0 }) => sum + (name === event ? count : 0), 0)
    },
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

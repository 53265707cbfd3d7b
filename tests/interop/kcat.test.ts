import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool, runProgram } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

let cluster: TestCluster

beforeAll(async () => {
  const properties = { 'default.replication.factor': '3', 'group.initial.rebalance.delay.ms': '0' }
  cluster = await startTestCluster({ properties })
  return () => cluster.stop()
})

async function kcat(args: readonly string[], input?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram('kcat', ['-b', cluster.bootstrap, ...args], { input })
  expect(exitCode, stderr).toBe(0)
  return stdout
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

describe('kcat', () => {
  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces with %s and reads it back', async (codec) => {
    const topic = `codec-${codec}`
    const values = Array.from({ length: 500 }, (_, index) => `${codec} parcel ${index}`)
    await kcat(['-P', '-t', topic, '-p', '0', '-z', codec, '-X', 'acks=all'], `${values.join('\n')}\n`)
    expect(linesOf(await kcat(['-C', '-t', topic, '-e', '-q', '-o', 'beginning']))).toEqual(values)
    const leader = (await metadataOf(topic)).partitions[0]?.leader
    const file = `${cluster.dataDirectory}/broker-${leader}/${topic}-0/00000000000000000000.log`
    const dumped = await runKafkaTool('org.apache.kafka.tools.DumpLogSegments', ['--files', file])
    expect(dumped.stdout).toContain(`compresscodec: ${codec} `)
    expect(dumped.stdout).not.toContain('isvalid: false')
  })

  test('lists brokers and partitions', async () => {
    const told = JSON.parse(await kcat(['-L', '-J'])) as { brokers: { id: number; name: string }[] }
    expect(told.brokers.toSorted((a, b) => a.id - b.id)).toEqual(
      cluster.brokers.map((name, index) => ({ id: index + 1, name })),
    )
    const { partitions } = await metadataOf('codec-none')
    expect(partitions[0]?.isrs.map(({ id }) => id).toSorted()).toEqual([1, 2, 3])
  })

  test('finds offsets by time', async () => {
    const offsetAt = (timestamp: number) => kcat(['-Q', '-t', `codec-none:0:${timestamp}`])
    expect(await offsetAt(-2)).toContain('offset 0')
    expect(await offsetAt(-1)).toContain('offset 500')
    expect(await offsetAt(1)).toContain('offset 0')
    expect(await offsetAt(Date.now() + 3_600_000)).toContain('offset -1')
  })

  test('carries keys and headers', async () => {
    await kcat(['-P', '-t', 'labelled', '-K', ':', '-H', 'colour=red', '-X', 'enable.idempotence=true'], 'key:value\n')
    expect(await kcat(['-C', '-t', 'labelled', '-e', '-q', '-f', '%k|%s|%h|%o\n'])).toBe('key|value|colour=red|0\n')
  })

  test('two consumers of a group share the partitions, and one that leaves hands its own over', async () => {
    const create = ['--create', '--topic', 'shared', '--partitions', '4', '--bootstrap-server', cluster.bootstrap]
    expect((await runKafkaTool('org.apache.kafka.tools.TopicCommand', create)).exitCode).toBe(0)
    const first = startConsumer()
    const second = startConsumer()
    try {
      await waitFor('both have two partitions', () => first.assigned() === 2 && second.assigned() === 2, {
        timeoutMs: 60_000,
      })
      for (const partition of [0, 1, 2, 3]) await kcat(['-P', '-t', 'shared', '-p', `${partition}`], `p${partition}\n`)
      const seen = () => [...first.values(), ...second.values()].toSorted()
      await waitFor('all records', () => seen().length === 4, { timeoutMs: 30_000 })
      expect(seen()).toEqual(['p0', 'p1', 'p2', 'p3'])
      expect(first.values()).toHaveLength(2)
      await second.stop()
      await waitFor('the first has all four', () => first.assigned() === 4, { timeoutMs: 60_000 })
    } finally {
      await Promise.all([first.stop(), second.stop()])
    }
  })
})

interface TopicMetadata {
  readonly partitions: readonly { readonly leader: number; readonly isrs: readonly { readonly id: number }[] }[]
}

async function metadataOf(topic: string): Promise<TopicMetadata> {
  const told = JSON.parse(await kcat(['-L', '-J', '-t', topic])) as { topics: TopicMetadata[] }
  const [metadata] = told.topics
  if (metadata === undefined) throw new Error(`kcat told nothing of ${topic}`)
  return metadata
}

/** A member of the group `sharers`, as long as it is not stopped. */
function startConsumer() {
  const settings = ['-X', 'auto.offset.reset=earliest', '-X', 'partition.assignment.strategy=roundrobin']
  const child = spawn('kcat', ['-b', cluster.bootstrap, ...settings, '-u', '-G', 'sharers', 'shared'])
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const exited = once(child, 'exit')
  return {
    /** From kcat's last word about a rebalance: `% Group … rebalanced (memberid …): assigned: shared [0], shared [1]`. */
    assigned: () =>
      linesOf(stderr)
        .findLast((line) => line.includes('assigned:'))
        ?.match(/shared \[\d+\]/g)?.length,
    values: () => linesOf(stdout),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'
import { waitFor } from '../support/wait-for.ts'

const keys = 50
const rounds = 200
let dataDirectory: string
let cluster: TestCluster
let consumed: string

async function tool(name: string, args: readonly string[], options?: { input?: string }): Promise<string> {
  const { exitCode, stdout, stderr } = await runKafkaTool(`org.apache.kafka.tools.${name}`, args, options)
  expect(exitCode, `${name}: ${stderr}${stdout.slice(-2_000)}`).toBe(0)
  return stdout
}

/** LZ4 makes little of them. */
const digits = () => Array.from({ length: 8 }, () => Math.random()).join('')

async function logFiles(extension = '.log'): Promise<string[]> {
  const directory = join(dataDirectory, 'broker-1', 'ledger-0')
  return (await readdir(directory))
    .filter((name) => name.endsWith(extension))
    .toSorted()
    .map((name) => join(directory, name))
}

/** A topic that the Java producer filled with compressed batches, of which every key has a last value and one a tombstone. */
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'eyrie-compaction-'))
  cluster = await startTestCluster({ brokers: 1, dataDirectory, properties: { 'log.cleaner.backoff.ms': '100' } })
  try {
    const bootstrap = ['--bootstrap-server', cluster.bootstrap]
    const configs = ['cleanup.policy=compact', 'segment.bytes=1048576', 'min.cleanable.dirty.ratio=0.01']
    const given = configs.flatMap((config) => ['--config', config])
    await tool('TopicCommand', [...bootstrap, '--create', '--topic', 'ledger', ...given])
    const lines: string[] = []
    for (let round = 1; round <= rounds; round++) {
      for (let key = 0; key < keys; key++) lines.push(`key-${key}\t${round}-${digits()}`)
    }
    lines.push('key-7\tNULL')
    // A segment more, so that everything before is closed.
    for (let i = 0; i < 12_000; i++) lines.push(`filler\t${digits()}`)
    const asked = ['--topic', 'ledger', '--compression-codec', 'lz4', '--reader-property', 'parse.key=true']
    const nulls = ['--reader-property', 'null.marker=NULL']
    await tool('ConsoleProducer', [...bootstrap, ...asked, ...nulls], { input: `${lines.join('\n')}\n` })
    await waitFor('it is cleaned', async () => {
      const closed = (await logFiles()).slice(0, -1)
      const sizes = await Promise.all(closed.map((path) => stat(path).catch(() => undefined)))
      return closed.length > 0 && sizes.reduce((sum, size) => sum + (size?.size ?? 0), 0) < 500_000
    })
    const read = ['--topic', 'ledger', '--from-beginning', '--timeout-ms', '5000']
    const print = ['--formatter-property', 'print.key=true', '--formatter-property', 'print.offset=true']
    const { stdout } = await runKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...bootstrap,
      ...read,
      ...print,
    ])
    consumed = stdout
  } finally {
    await cluster.stop()
  }
  return () => rm(dataDirectory, { recursive: true, force: true })
})

test('ConsoleConsumer reads the last value of each key of a cleaned topic, and the tombstone', () => {
  const lines = consumed.split('\n').filter((line) => line.includes('\tkey-'))
  const latest = new Map(lines.map((line) => [line.split('\t')[1], line.split('\t')[2]]))
  expect(latest.size).toBe(keys)
  expect(latest.get('key-7')).toBe('null')
  for (let key = 0; key < keys; key++) {
    if (key !== 7) expect(latest.get(`key-${key}`)).toMatch(new RegExp(`^${rounds}-0`))
  }
  expect(lines.length).toBeLessThan((keys * rounds) / 2)
})

test('DumpLogSegments finds nothing wrong with cleaned segments and their indexes', async () => {
  const files = await logFiles()
  const dumped = await tool('DumpLogSegments', ['--print-data-log', '--deep-iteration', '--files', files.join(',')])
  expect(dumped).toContain('isvalid: true')
  expect(dumped).not.toContain('isvalid: false')
  expect(dumped).toMatch(/deleteHorizonMs: OptionalLong\[\d{13}\]/)
  const indexes = [...(await logFiles('.index')), ...(await logFiles('.timeindex'))]
  const checked = await tool('DumpLogSegments', ['--index-sanity-check', '--files', indexes.join(',')])
  // The index of a segment that became smaller than index.interval.bytes has no entry.
  expect(checked.match(/passed sanity check|is empty/g)).toHaveLength(indexes.length)
  const walked = await tool('DumpLogSegments', ['--files', indexes.join(',')])
  expect(walked).not.toMatch(/mismatch|out of order/i)
})

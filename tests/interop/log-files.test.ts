import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestCluster } from '../support/kafka-cluster.ts'
import { runKafkaTool } from '../support/kafka-tool.ts'

const records = 3_000
let dataDirectory: string

/** A cluster that has worked and was stopped: 3,000 records in small segments, of which a group read some. */
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'eyrie-log-files-'))
  const remove = () => rm(dataDirectory, { recursive: true, force: true })
  const cluster = await startTestCluster({ brokers: 1, dataDirectory })
  try {
    const bootstrap = ['--bootstrap-server', cluster.bootstrap]
    const segments = ['--config', 'segment.bytes=1048576', '--config', 'index.interval.bytes=4096']
    await tool('TopicCommand', [...bootstrap, '--create', '--topic', 'parcels', ...segments])
    const size = ['--num-records', `${records}`, '--record-size', '1000', '--throughput', '-1']
    await tool('ProducerPerformance', [...bootstrap, '--topic', 'parcels', ...size])
    const some = ['--from-beginning', '--max-messages', '10', '--group', 'carriers']
    await tool('consumer.ConsoleConsumer', [...bootstrap, '--topic', 'parcels', ...some])
  } finally {
    await cluster.stop()
  }
  return remove
})

async function tool(name: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runKafkaTool(`org.apache.kafka.tools.${name}`, args)
  expect(exitCode, `${name}: ${stderr}${stdout.slice(-2_000)}`).toBe(0)
  return stdout
}

async function files(folder: string, extension: string): Promise<string[]> {
  const directory = join(dataDirectory, folder)
  const names = (await readdir(directory)).filter((name) => name.endsWith(extension)).toSorted()
  return names.map((name) => join(directory, name))
}

const dump = (args: readonly string[]) => tool('DumpLogSegments', args)

describe('DumpLogSegments reads', () => {
  test('every record of rolled segments and the last one', async () => {
    const logs = await files('broker-1/parcels-0', '.log')
    expect(logs.length).toBeGreaterThan(1)
    const dumped = await dump(['--print-data-log', '--files', logs.join(',')])
    const offsets = [...dumped.matchAll(/^\| offset: (\d+) .* valueSize: 1000 /gm)].map(([, offset]) => Number(offset))
    expect(offsets).toEqual(Array.from({ length: records }, (_, index) => index))
    expect(dumped).not.toContain('isvalid: false')
    expect(dumped).not.toMatch(/Found .*invalid|non-consecutive/i)
  })

  test('offset and time indexes that agree with their logs', async () => {
    const offsetIndexes = await files('broker-1/parcels-0', '.index')
    const timeIndexes = await files('broker-1/parcels-0', '.timeindex')
    const logs = await files('broker-1/parcels-0', '.log')
    expect(offsetIndexes).toHaveLength(logs.length)
    expect(timeIndexes).toHaveLength(logs.length)
    const dumped = await dump(['--files', [...offsetIndexes, ...timeIndexes].join(',')])
    expect(dumped.match(/^offset: \d+ position: \d+$/gm)?.length).toBeGreaterThan(100)
    expect(dumped).toMatch(/^timestamp: \d{13} offset: \d+$/m)
    expect(dumped).not.toMatch(/mismatch|out of order/i)
    const checked = await dump(['--index-sanity-check', '--files', [...offsetIndexes, ...timeIndexes].join(',')])
    expect(checked.match(/passed sanity check/g)).toHaveLength(offsetIndexes.length + timeIndexes.length)
  })

  test('groups and committed offsets', async () => {
    const folders = (await readdir(join(dataDirectory, 'broker-1'))).filter((name) => name.startsWith('__consumer_'))
    const logs = (await Promise.all(folders.map((folder) => files(join('broker-1', folder), '.log')))).flat()
    const dumped = await dump(['--offsets-decoder', '--files', logs.join(',')])
    expect(dumped).toContain('key: {"type":"1","data":{"group":"carriers","topic":"parcels","partition":0}}')
    expect(dumped).toMatch(/payload: \{"version":"\d+","data":\{"offset":10,/)
    expect(dumped).toMatch(/key: \{"type":"2","data":\{"group":"carriers"\}\} payload: .*"protocolType":"consumer"/)
  })

  test('the metadata log', async () => {
    const logs = await files('metadata/__cluster_metadata-0', '.log')
    const dumped = await dump(['--cluster-metadata-decoder', '--files', logs.join(',')])
    for (const type of ['FEATURE_LEVEL_RECORD', 'REGISTER_BROKER_RECORD', 'PARTITION_RECORD', 'CONFIG_RECORD']) {
      expect(dumped).toContain(`"type":"${type}"`)
    }
    expect(dumped).toContain('"name":"parcels"')
    expect(dumped).toContain('LeaderChange: ')
  })
})

import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type EyrieProcess, makeDataDirectory, spawnEyrie, startEyrie } from '../../support/eyrie-process.ts'
import { findFreePorts } from '../../support/free-ports.ts'
import { isRunning, type RunningProcess } from '../../support/process-tree.ts'
import { waitFor } from '../../support/wait-for.ts'

const admin = { email: 'admin@example.org', password: 'a long enough password' }
const environment = { EYRIE_ADMIN_EMAIL: admin.email, EYRIE_ADMIN_PASSWORD: admin.password }

describe('a folder that lives on', () => {
  let data: Awaited<ReturnType<typeof makeDataDirectory>>
  let eyrie: EyrieProcess

  beforeAll(async () => {
    data = await makeDataDirectory()
    eyrie = await startEyrie({ dataDirectory: data.path, environment })
  }, 300_000)

  afterAll(async () => {
    await eyrie.destroy()
    await data.remove()
  })

  test('says where it is, serves pages and Kafka, and runs Postgres and three brokers', async () => {
    expect(eyrie.output).toContain(`Eyrie is ready: ${eyrie.url}\n`)
    expect(eyrie.output).toContain(`Kafka: ${eyrie.bootstrap}`)
    expect((await fetch(`${eyrie.url}/sign-in`)).status).toBe(200)
    const started = await eyrie.descendants()
    expect(started.filter(({ command }) => command.includes('"nodeId"'))).toHaveLength(3)
    expect(started.some(({ command }) => command.includes('postgres'))).toBe(true)
  })

  test('SIGTERM stops everything, and the next start finds topic, records and admin', async () => {
    await produce(eyrie.bootstrap, 'kept', ['one', 'two', 'three'])
    const started = await eyrie.descendants()
    expect(await eyrie.end('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(await survivorsOf(started)).toEqual([])
    expect(eyrie.errors).toBe('')

    // The admin of the first start signs in, though the environment does not name it any more.
    eyrie = await startEyrie({ dataDirectory: data.path, port: eyrie.port, kafkaPort: eyrie.kafkaPort })
    expect(eyrie.setUpLink).toBeUndefined()
    const cookie = await signIn(eyrie)
    const answer = await fetch(`${eyrie.url}/api/v1/clusters/main/topics/kept/records?from=oldest`, {
      headers: { cookie },
    })
    const { records } = await answer.json()
    const values = records.map((record: { value: { base64: string } }) => atob(record.value.base64))
    expect(values).toEqual(['one', 'two', 'three'])
  }, 120_000)

  test('SIGINT stops everything too', async () => {
    const started = await eyrie.descendants()
    expect(await eyrie.end('SIGINT')).toEqual({ code: 0, signal: null })
    expect(await survivorsOf(started)).toEqual([])
  }, 60_000)

  test('SIGKILL leaves no orphans, and what was acknowledged is there at the next start', async () => {
    eyrie = await startEyrie({ dataDirectory: data.path, port: eyrie.port, kafkaPort: eyrie.kafkaPort })
    await produce(eyrie.bootstrap, 'kept', ['four'])
    const started = await eyrie.descendants()
    await eyrie.end('SIGKILL')
    await waitFor('children end by themselves', async () => (await survivorsOf(started)).length === 0)

    eyrie = await startEyrie({ dataDirectory: data.path, port: eyrie.port, kafkaPort: eyrie.kafkaPort })
    expect(await countRecords(eyrie.bootstrap, 'kept')).toBe(4)
  }, 120_000)
})

describe('what cannot start says why in a sentence and leaves nothing behind', () => {
  test('the port that was asked for is in use', async () => {
    const port = await holdPort()
    expect(await refusal({ port })).toMatch(new RegExp(`^[^\\n]*\\b${port}\\b[^\\n]* in use[^\\n]*\\n$`))
  })

  test('a port of the brokers is in use', async () => {
    const taken = await holdPort()
    expect(await refusal({ kafkaPort: taken - 2 })).toBe(
      `Port ${taken} is in use, and EYRIE_KAFKA_PORT=${taken - 2} needs ${taken - 3} to ${taken}.\n`,
    )
  })

  test('the database cannot be reached', async () => {
    const port = await findFreePorts(1)
    const said = await refusal({ environment: { DATABASE_URL: `postgresql://eyrie:hidden@127.0.0.1:${port}/eyrie` } })
    expect(said).toMatch(new RegExp(`^[^\\n]*127\\.0\\.0\\.1:${port}[^\\n]*\\n$`))
    expect(said).not.toContain('hidden')
  })

  test('the data folder is a file', async () => {
    const data = await makeDataDirectory()
    onTestFinished(data.remove)
    const file = path.join(data.path, 'file')
    await writeFile(file, '')
    expect(await refusal({ dataDirectory: file })).toBe(
      `The data folder ${file} cannot be written: it is not a folder.\n`,
    )
  })

  // What each variable may be is told in tests/lib/config.test.ts.
  test.each([
    ['PORT', 'eighty'],
    ['EYRIE_ADMIN_PASSWORD', 'short'],
  ])('%s is %j', async (name, value) => {
    const said = await refusal({ environment: { ...environment, [name]: value } })
    expect(said).toMatch(new RegExp(`^The environment variable ${name} [^\\n]*cannot be used: [^\\n]+\\.\\n$`))
  })

  test('one half of the first admin is missing', async () => {
    expect(await refusal({ environment: { EYRIE_ADMIN_EMAIL: admin.email } })).toBe(
      'EYRIE_ADMIN_EMAIL and EYRIE_ADMIN_PASSWORD create the first admin together: set both or none.\n',
    )
  })
})

/** Starts what must fail, and answers all that it says. */
async function refusal(options: Partial<Parameters<typeof spawnEyrie>[0]>): Promise<string> {
  const data = await makeDataDirectory()
  onTestFinished(data.remove)
  const eyrie = await spawnEyrie({ dataDirectory: data.path, ...options })
  onTestFinished(() => eyrie.destroy())
  const started = new Map<number, RunningProcess>()
  const watch = setInterval(async () => {
    for (const each of await eyrie.descendants()) started.set(each.pid, each)
  }, 50)
  const { code } = await eyrie.ended
  clearInterval(watch)
  expect(code).toBe(1)
  expect(eyrie.output).not.toContain('ready')
  expect(await survivorsOf([...started.values()])).toEqual([])
  return eyrie.errors
}

async function survivorsOf(started: readonly RunningProcess[]): Promise<RunningProcess[]> {
  const alive = await Promise.all(started.map(({ pid }) => isRunning(pid)))
  return started.filter((_, index) => alive[index])
}

async function holdPort(): Promise<number> {
  const port = await findFreePorts(1)
  const server = createServer().listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.close()
  })
  return port
}

async function signIn({ url }: EyrieProcess): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(admin),
  })
  expect(answer.status).toBe(200)
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

async function produce(bootstrap: string, topic: string, values: readonly string[]): Promise<void> {
  const kafka = createKafkaClient(bootstrap)
  const kafkaAdmin = kafka.admin()
  await kafkaAdmin.connect()
  await kafkaAdmin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 3 }], waitForLeaders: true })
  await kafkaAdmin.disconnect()
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) })
  await producer.disconnect()
}

async function countRecords(bootstrap: string, topic: string): Promise<number> {
  const kafkaAdmin = createKafkaClient(bootstrap).admin()
  await kafkaAdmin.connect()
  const offsets = await kafkaAdmin.fetchTopicOffsets(topic)
  await kafkaAdmin.disconnect()
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
}

function createKafkaClient(bootstrap: string) {
  return new kafkajs.Kafka({ clientId: 'test', brokers: bootstrap.split(','), logLevel: kafkajs.logLevel.NOTHING })
}

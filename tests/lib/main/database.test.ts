import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type EyrieProcess, makeDataDirectory, spawnEyrie, startEyrie } from '../../support/eyrie-process.ts'
import { waitFor } from '../../support/wait-for.ts'

const admin = { email: 'admin@example.org', password: 'a long enough password' }
let data: Awaited<ReturnType<typeof makeDataDirectory>>
let eyrie: EyrieProcess

beforeAll(async () => {
  data = await makeDataDirectory()
  const environment = { EYRIE_ADMIN_EMAIL: admin.email, EYRIE_ADMIN_PASSWORD: admin.password }
  eyrie = await startEyrie({ dataDirectory: data.path, environment })
}, 300_000)

afterAll(async () => {
  await eyrie.destroy()
  await data.remove()
})

/** The lines of the server's lock file: its process id is the first, its port the fourth. */
async function readServer(): Promise<{ pid: number; port: string }> {
  const lock = await readFile(path.join(data.path, 'postgres', 'postgres', 'postmaster.pid'), 'utf8')
  const [pid, , , port = ''] = lock.split('\n')
  return { pid: Number(pid), port }
}

async function signIn(): Promise<number> {
  const headers = { 'content-type': 'application/json', origin: eyrie.url }
  const answer = await fetch(`${eyrie.url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify(admin) })
  return answer.status
}

test('stdout has the few lines that a person reads and nothing else', () => {
  expect(eyrie.output.split('\n').map((line) => line.split(':')[0])).toEqual(['Eyrie is ready', 'Kafka', ''])
})

test('a second console on the same database is refused in one sentence', async () => {
  const { port } = await readServer()
  const password = (await readFile(path.join(data.path, 'postgres', 'postgres-password'), 'utf8')).trim()
  const own = await makeDataDirectory()
  onTestFinished(own.remove)
  const second = await spawnEyrie({
    dataDirectory: own.path,
    environment: {
      DATABASE_URL: `postgresql://eyrie:${password}@127.0.0.1:${port}/postgres`,
      KAFKA_BROKERS: eyrie.bootstrap,
    },
  })
  onTestFinished(() => second.destroy())
  expect((await second.ended).code).toBe(1)
  expect(second.errors).toMatch(/^Another Eyrie works on this database: [^\n]+\.$/m)
}, 60_000)

test('a database that was killed is brought back', async () => {
  const { pid } = await readServer()
  process.kill(pid, 'SIGKILL')
  await waitFor('another server', async () => (await readServer().catch(() => ({ pid }))).pid !== pid)
  await waitFor('a sign-in', async () => (await signIn()) === 200)
  expect(await eyrie.end('SIGTERM')).toEqual({ code: 0, signal: null })
}, 60_000)

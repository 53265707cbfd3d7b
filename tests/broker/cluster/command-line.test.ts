import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFreePorts } from '../../support/free-ports.ts'
import { pidOfBroker } from '../../support/kafka-cluster.ts'
import { waitFor } from '../../support/wait-for.ts'

const cli = fileURLToPath(new URL('../../../dist/broker/cli.js', import.meta.url))

let folder: string
let port: number

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'eyrie-command-line-'))
  port = (await findFreePorts(4)) + 1
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** What a user sees who starts the brokers with these arguments. */
async function run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = await once(child, 'close')
  return { code, stdout: stdout(), stderr: stderr() }
}

function collect(stream: ChildProcess['stdout']): () => string {
  let text = ''
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
  })
  return () => text
}

function hold(heldPort: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(heldPort, '127.0.0.1', () => resolve(server))
  })
}

it.each([
  [['--brokers', '0'], '--brokers is "0": write a whole number from 1 to 100.'],
  [['--brokers', 'three'], '--brokers is "three": write a whole number from 1 to 100.'],
  [['--brokers', '1.5'], '--brokers is "1.5": write a whole number from 1 to 100.'],
  [['--port', '70000'], '--port is "70000": write a whole number from 1025 to 65000.'],
  [['--port', ''], '--port is "": write a whole number from 1025 to 65000.'],
  [['--brokers', '3', '--only', '4'], '--only is "4": write a whole number from 1 to 3.'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('%j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await run('--data', path.join(folder, 'unused'), ...args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

it('asks for a data folder', async () => {
  const { code, stderr } = await run('--brokers', '1')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^Name a folder for the data: .*\n$/)
})

it('says which configuration cannot be read', async () => {
  const missing = path.join(folder, 'missing.properties')
  const { code, stderr } = await run('--data', path.join(folder, 'unused'), '--config', missing)
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The configuration .*missing\.properties cannot be read: ENOENT.*\n$/)
})

it('says which configured value is wrong', async () => {
  const file = path.join(folder, 'wrong.properties')
  await writeFile(file, 'num.partitions=many\n')
  const { code, stderr } = await run('--data', path.join(folder, 'unused'), '--config', file)
  expect(code).toBe(1)
  expect(stderr).toContain('num.partitions')
  expect(stderr).toContain('many')
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

it('says that the data folder cannot be written', async () => {
  const file = path.join(folder, 'file')
  await writeFile(file, '')
  for (const data of [file, path.join(file, 'below')]) {
    const { code, stderr } = await run('--brokers', '1', '--port', `${port}`, '--data', data)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^The data folder .*file.* cannot be used: E.*\n$/)
  }
})

it('says that a broker’s folder cannot be written, and leaves no broker behind', async () => {
  const data = await mkdtemp(path.join(folder, 'data-'))
  await writeFile(path.join(data, 'broker-2'), '')
  const { code, stdout, stderr } = await run('--brokers', '2', '--port', `${port}`, '--data', data)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('broker-2')
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

it.each([
  ['the controller’s port', -1],
  ['a broker’s port', 1],
])('says that %s is taken', async (_, offset) => {
  const holder = await hold(port + offset)
  try {
    const data = await mkdtemp(path.join(folder, 'data-'))
    const { code, stdout, stderr } = await run('--brokers', '2', '--port', `${port}`, '--data', data)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`${port + offset}`)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  } finally {
    holder.close()
  }
})

it.each([
  ['listeners=SASL_SSL://127.0.0.1:9092', 'Listener SASL_SSL needs a certificate'],
  ['listeners=PLAINTEXT://127.0.0.1:9092,SSL://127.0.0.1:9093', 'Listener SSL needs a certificate'],
  ['listeners=PLAINTEXT://127.0.0.1:30001,TWO://127.0.0.1:30002', 'No security protocol is defined for listener TWO'],
  [
    'listeners=PLAINTEXT://127.0.0.1:30001,TWO://127.0.0.1:30002\nlistener.security.protocol.map=PLAINTEXT:PLAINTEXT,TWO:PLAINTEXT',
    'Port 30002 would be needed twice',
  ],
])('a file with %s is refused in one sentence', async (text, sentence) => {
  const file = path.join(folder, 'wrong.properties')
  await writeFile(file, `${text}\n`)
  const { code, stdout, stderr } = await run('--data', path.join(folder, 'unsafe'), '--config', file)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(sentence)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

it('says how a broker ended that could not say so itself', async () => {
  const data = path.join(folder, 'killed')
  const supervisor = spawn(process.execPath, [cli, '--brokers', '1', '--port', `${port}`, '--data', data])
  const stderr = collect(supervisor.stderr)
  const broker = await waitFor('the process of the broker', () => pidOfBroker(supervisor, 1))
  process.kill(broker, 'SIGKILL')
  const [code] = await once(supervisor, 'close')
  expect({ code, stderr: stderr() }).toEqual({
    code: 1,
    stderr: 'Broker 1 did not start: its process was ended by SIGKILL.\n',
  })
})

it('waits for a broker that takes long to load its code', async () => {
  const data = await mkdtemp(path.join(folder, 'data-'))
  const loading = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000)'
  const preload = `if (process.argv[1]?.endsWith('main.js')) ${loading}`
  const env = { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` }
  const supervisor = spawn(process.execPath, [cli, '--brokers', '1', '--port', `${port}`, '--data', data], { env })
  const [stdout, stderr] = [collect(supervisor.stdout), collect(supervisor.stderr)]
  await waitFor('the broker', () => stdout().includes('ready') || supervisor.exitCode !== null, { timeoutMs: 60_000 })
  supervisor.kill('SIGTERM')
  const [code] = await once(supervisor, 'close')
  expect({ code, stderr: stderr() }).toEqual({ code: 0, stderr: '' })
})

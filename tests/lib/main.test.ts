import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../dist/lib/main.js', import.meta.url))
let directory: string
let taken: Server
let takenPort: number

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'eyrie-main-'))
  taken = createServer()
  takenPort = await new Promise((resolve) => {
    taken.listen(0, '127.0.0.1', () => {
      const address = taken.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
})

afterAll(async () => {
  taken.close()
  await rm(directory, { recursive: true, force: true })
})

/** Starts the console with nothing of this process's environment but the path. */
function start(variables: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    EYRIE_DATA_DIR: directory,
    KAFKA_BROKERS: '127.0.0.1:1',
    ...variables,
    NODE_ENV: 'production',
  }
  const console = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  console.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return new Promise((resolve) => {
    console.once('close', (code) => resolve({ code, said: said.trim() }))
  })
}

test('a port that was asked for and is in use', async () => {
  expect(await start({ PORT: `${takenPort}` })).toEqual({
    code: 1,
    said: `Port ${takenPort} on 127.0.0.1 is in use by another program: free it or set PORT to another.`,
  })
})

test('a data folder that is a file', async () => {
  const file = path.join(directory, 'file')
  await writeFile(file, '')
  const { code, said } = await start({ EYRIE_DATA_DIR: file })
  expect(code).toBe(1)
  expect(said).toBe(`The data folder ${file} cannot be written: it is not a folder.`)
})

test('an environment variable that cannot be used', async () => {
  const { code, said } = await start({ EYRIE_TICK_MS: 'often' })
  expect(code).toBe(1)
  expect(said).toMatch(/^The environment variable EYRIE_TICK_MS is "often"[^\n]*\.$/)
})

test('a database that does not answer', async () => {
  const { code, said } = await start({ DATABASE_URL: 'postgresql://eyrie:hunter22@127.0.0.1:1/eyrie' })
  expect(code).toBe(1)
  expect(said).toMatch(/^Postgres cannot be reached at 127\.0\.0\.1:1\/eyrie[^\n]*\.$/)
})

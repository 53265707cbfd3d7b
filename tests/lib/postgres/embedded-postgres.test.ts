import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../lib/postgres/embedded-postgres.ts'

const isRoot = process.getuid?.() === 0
const log = { info: () => undefined, error: () => undefined }
let folder: string
let running: EmbeddedPostgres | undefined

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'eyrie-test-'))
  await chmod(folder, 0o755)
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  await removeMovedData()
  await rm(folder, { recursive: true, force: true })
})

async function start(dataDirectory = path.join(folder, 'data')): Promise<EmbeddedPostgres> {
  running = await startEmbeddedPostgres({ dataDirectory, log, settings: { fsync: 'off' } })
  return running
}

async function query(databaseUrl: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

/** Data that lies elsewhere because the folder of the test cannot be reached by an unprivileged user. */
async function removeMovedData(): Promise<void> {
  const moved = await readFile(path.join(folder, 'data', 'postgres-location'), 'utf8').catch(() => undefined)
  if (moved !== undefined) await rm(moved.trim(), { recursive: true, force: true })
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('waited 10 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('startEmbeddedPostgres', () => {
  it('finds all data again at its second start', async () => {
    const first = await start()
    await query(first.databaseUrl, 'create table kept as select 42 as answer')
    await first.stop()
    expect(await first.ended).toBeUndefined()
    const second = await start()
    expect(await query(second.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  it('keeps its password where only we can read it, and wants it', async () => {
    const { databaseUrl } = await start()
    const file = await stat(path.join(folder, 'data', 'postgres-password'))
    expect(file.mode & 0o777).toBe(0o600)
    const url = new URL(databaseUrl)
    expect(url.hostname).toBe('127.0.0.1')
    url.password = 'guess'
    await expect(query(url.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  })

  it('starts over the lock file of a killed server whose process id is somebody else now', async () => {
    await (await start()).stop()
    const lock = path.join(folder, 'data', 'postgres', 'postmaster.pid')
    await writeFile(lock, `${process.pid}\n/nowhere\n`)
    expect(await query((await start()).databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('says so when the data folder is in use', async () => {
    await start()
    await expect(startEmbeddedPostgres({ dataDirectory: path.join(folder, 'data'), log })).rejects.toThrow(
      /is in use by process \d+: another Eyrie runs/,
    )
  })

  it('says so when another version made the data', async () => {
    await (await start()).stop()
    running = undefined
    await writeFile(path.join(folder, 'data', 'postgres', 'PG_VERSION'), '12\n')
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 12 and this Eyrie brings PostgreSQL \d+/)
  })

  it('says so when the data folder is no folder', async () => {
    await writeFile(path.join(folder, 'data'), '')
    await expect(start()).rejects.toThrow(/is not a folder/)
  })

  it('leaves the data, the password and the log in the folder, and nothing else that is not a copy of the binaries', async () => {
    await (await start()).stop()
    const names = (await readdir(path.join(folder, 'data'))).filter((name) => !name.startsWith('postgres-binaries-'))
    expect(names.sort()).toEqual(['postgres', 'postgres-password', 'postgres.log'])
  })

  it.runIf(isRoot)(
    'keeps the data where its user can reach it when the data folder is below a closed one',
    async () => {
      await chmod(folder, 0o700)
      const first = await start()
      await query(first.databaseUrl, 'create table kept as select 42 as answer')
      await first.stop()
      const second = await start()
      expect(await query(second.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
      await second.stop()
      running = undefined
      await removeMovedData()
      await expect(start()).rejects.toThrow(/says that the database is in .* which does not exist/)
    },
  )

  it('starts a server that was killed again at the same address, with all that was committed', async () => {
    const { databaseUrl, ended } = await start()
    await query(databaseUrl, 'create table kept as select 42 as answer')
    await killServer()
    await until(async () => (await query(databaseUrl, 'select answer from kept').catch(() => [])).length === 1)
    await running?.stop()
    expect(await ended).toBeUndefined()
  })

  it('says why when a server cannot be brought back', async () => {
    const { ended } = await start()
    const version = path.join(folder, 'data', 'postgres', 'PG_VERSION')
    await writeFile(version, '12\n')
    await killServer()
    expect((await ended)?.reason).toMatch(/\S/)
  })
})

/** SIGKILL, as the kernel does it when memory runs out. */
async function killServer(): Promise<void> {
  const lock = await readFile(path.join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8')
  process.kill(Number(lock.split('\n')[0]), 'SIGKILL')
}

it('ends when its parent is killed, and starts again on the same data', async () => {
  const module = path.resolve('dist/lib/postgres/embedded-postgres.js')
  const dataDirectory = path.join(folder, 'data')
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)})
    const options = { dataDirectory: ${JSON.stringify(dataDirectory)}, log: { info() {}, error() {} }, settings: { fsync: 'off' } }
    console.log((await startEmbeddedPostgres(options)).databaseUrl)
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
  await query(chunk.toString().trim(), 'create table kept as select 42 as answer')
  const lock = await readFile(path.join(dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  expect(await query((await start()).databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }])
  await until(async () => !isAlive(Number(lock.split('\n')[0])))
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConsoleLock } from '../../../lib/db/console-lock.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { waitFor } from '../../support/wait-for.ts'

let database: TestDatabase
const locks: ConsoleLock[] = []

beforeEach(async () => {
  database = await createTestDatabase()
})

afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release()
  await database.close()
})

async function acquire(): Promise<ConsoleLock> {
  const lock = await ConsoleLock.acquire(database.databaseUrl)
  locks.push(lock)
  return lock
}

/** What a crash of the console, or of the server, does to its connections. */
async function breakConnections(): Promise<void> {
  await database.pool.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
}

async function holders(): Promise<number> {
  const held = "select 1 from pg_locks where locktype = 'advisory' and granted"
  return (await database.pool.query(held)).rowCount ?? 0
}

test('a second console is refused in one sentence', async () => {
  await acquire()
  await expect(acquire()).rejects.toThrow(/^Another Eyrie works on this database: [^\n]+\.$/)
}, 30_000)

test('a console that is being stopped is waited for', async () => {
  const first = await acquire()
  const second = acquire()
  await first.release()
  expect(await first.lost).toBeUndefined()
  await second
  expect(await holders()).toBe(1)
})

test('a connection that breaks is made again and takes the lock again', async () => {
  await acquire()
  await breakConnections()
  await waitFor('the lock is held again', async () => (await holders()) === 1)
})

test('a console that came meanwhile keeps the database', async () => {
  const first = await acquire()
  await breakConnections()
  await acquire()
  expect((await first.lost)?.message).toMatch(/^Another Eyrie/)
}, 30_000)

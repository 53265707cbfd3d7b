import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrate } from '../../../lib/db/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.close())

async function emptyDatabase(): Promise<void> {
  await database.pool.query('drop schema public cascade')
  await database.pool.query('create schema public')
}

it('applies everything once, also when two consoles start together', async () => {
  await emptyDatabase()
  const both = await Promise.all([migrate(database.databaseUrl), migrate(database.databaseUrl)])
  expect(both.map(({ applied }) => applied.length).sort()).toEqual([0, 4])
  const { rows } = await database.pool.query(
    'select migration_name, length(checksum) as checksum, finished_at is not null as finished, applied_steps_count from _prisma_migrations order by 1',
  )
  expect(rows).toEqual([
    { migration_name: '0001_console', checksum: 64, finished: true, applied_steps_count: 1 },
    { migration_name: '0002_series', checksum: 64, finished: true, applied_steps_count: 1 },
    { migration_name: '0003_series_points', checksum: 64, finished: true, applied_steps_count: 1 },
    { migration_name: '0004_changes', checksum: 64, finished: true, applied_steps_count: 1 },
  ])
})

it('gives the schema that the Prisma client expects', async () => {
  const { prisma } = database
  expect(await prisma.alertRule.count()).toBe(3)
  const counts = await Promise.all([
    prisma.cluster.findMany(),
    prisma.setting.findMany(),
    prisma.user.findMany({ include: { sessions: true, accounts: true } }),
    prisma.verification.findMany(),
    prisma.incident.findMany({ include: { deliveries: true } }),
    prisma.channel.findMany({ include: { deliveries: true } }),
    prisma.auditEntry.findMany(),
    prisma.change.findMany(),
  ])
  expect(counts.every((rows) => rows.length === 0)).toBe(true)
})

it('leaves nothing of a migration that fails', async () => {
  await emptyDatabase()
  await database.pool.query('create table series (id int)')
  await expect(migrate(database.databaseUrl)).rejects.toThrow(
    /0002_series cannot be applied: relation "series" already/,
  )
  const { rows } = await database.pool.query('select migration_name from _prisma_migrations')
  expect(rows).toEqual([{ migration_name: '0001_console' }])
})

it('refuses a database of a newer version', async () => {
  await database.pool.query(
    "insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '9000_future', now())",
  )
  await expect(migrate(database.databaseUrl)).rejects.toThrow(/was used by a newer Eyrie/)
})

it('says in one sentence, without the password, that nobody answers', async () => {
  const failure = migrate('postgresql://eyrie:hidden@127.0.0.1:1/db')
  await expect(failure).rejects.toThrow(
    'Postgres cannot be reached at 127.0.0.1:1/db: connect ECONNREFUSED 127.0.0.1:1.',
  )
})

import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type pg from 'pg'
import { connect, reasonOf } from './connect.ts'
import { DatabaseError } from './database-error.ts'

/** Any number will do that nobody else uses on this database: two consoles starting together take turns. */
const migrationLock = 7_210_331_420

interface Migration {
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

/**
 * Applies the migrations under `prisma/migrations` that the database does not have, each in a transaction with its row in
 * `_prisma_migrations`, the table by which `prisma migrate` knows them. Throws `DatabaseError` when the database cannot be
 * reached, was used by a newer Eyrie, or has a migration that differs from ours.
 */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(findMigrationsDirectory())
  const client = await connect(databaseUrl)
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(createMigrationsTable)
    const { rows } = await client.query<AppliedMigration>(selectApplied)
    requireKnown(rows, migrations)
    const have = new Set(rows.map((row) => row.migration_name))
    const missing = migrations.filter((migration) => !have.has(migration.name))
    for (const migration of missing) await apply(client, migration)
    return { applied: missing.map((migration) => migration.name) }
  } finally {
    await client.end()
  }
}

/** Compiled code lies deeper than its source: the folder is looked for upwards. */
function findMigrationsDirectory(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'prisma', 'migrations'))) {
    const parent = path.dirname(folder)
    if (parent === folder) throw new Error(`no prisma/migrations above ${import.meta.dirname}`)
    folder = parent
  }
  return path.join(folder, 'prisma', 'migrations')
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

interface AppliedMigration {
  readonly migration_name: string
  readonly checksum: string
}

function requireKnown(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const row of applied) {
    const ours = migrations.find((migration) => migration.name === row.migration_name)
    if (ours === undefined) {
      throw new DatabaseError(
        `The database was used by a newer Eyrie (it has the migration ${row.migration_name}): start that version, or set DATABASE_URL to another database.`,
      )
    }
    if (ours.checksum !== row.checksum) {
      throw new DatabaseError(
        `The database has another form of the migration ${row.migration_name} than this Eyrie: it was made by a development version. Use an empty database.`,
      )
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  const startedAt = new Date()
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query(insertApplied, [randomUUID(), migration.checksum, migration.name, startedAt])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new DatabaseError(`The migration ${migration.name} cannot be applied: ${reasonOf(error)}.`, { cause: error })
  }
}

const createMigrationsTable = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`

const selectApplied = `
  select migration_name, checksum from _prisma_migrations
  where finished_at is not null and rolled_back_at is null
  order by migration_name limit 10000`

const insertApplied = `
  insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  values ($1, $2, $3, $4, clock_timestamp(), 1)`

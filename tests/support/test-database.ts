import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { createDatabase, type Database } from '../../lib/db/database.ts'

export interface TestDatabase extends Database {
  readonly databaseUrl: string
}

/** A migrated, empty database of its own; `close` drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await onServer(`create database ${name} template eyrie_template`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  const database = createDatabase(url.href)
  return {
    ...database,
    databaseUrl: url.href,
    async close() {
      await database.close()
      await onServer(`drop database ${name} with (force)`)
    },
  }
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

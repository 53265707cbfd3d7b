import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../lib/db/migrate.ts'
import { startEmbeddedPostgres } from '../../lib/postgres/embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run; `createTestDatabase` makes a database on it. */
    postgresUrl: string
  }
}

/** One embedded Postgres for the whole run, with a migrated template from which each suite's database is copied. */
export default async function startPostgresServer(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'eyrie-postgres-'))
  await chmod(dataDirectory, 0o755)
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    log: { info: () => undefined, error: () => undefined },
    settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
  })
  const stop = async () => {
    await postgres.stop()
    await rm(dataDirectory, { recursive: true, force: true })
  }
  try {
    await createTemplate(postgres.databaseUrl)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('postgresUrl', postgres.databaseUrl)
  return stop
}

async function createTemplate(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  await client.query('create database eyrie_template')
  await client.end()
  const url = new URL(serverUrl)
  url.pathname = '/eyrie_template'
  await migrate(url.href)
}

import pg from 'pg'
import { DatabaseError } from './database-error.ts'

const connectTimeoutMs = 10_000

/** One connection of its own. Throws `DatabaseError` when the database cannot be reached. */
export async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: connectTimeoutMs })
    await client.connect()
    return client
  } catch (error) {
    throw new DatabaseError(`Postgres cannot be reached at ${withoutPassword(databaseUrl)}: ${reasonOf(error)}.`, {
      cause: error,
    })
  }
}

/** A refused connection to a name with several addresses is an AggregateError without a message of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message
  return error instanceof Error ? error.message : String(error)
}

function withoutPassword(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'DATABASE_URL, which is not a postgresql:// address'
  const url = new URL(databaseUrl)
  return `${url.hostname}:${url.port || '5432'}${url.pathname}`
}

import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../../prisma/generated/client.ts'

export interface Database {
  /** Rows: users, rules, incidents, channels, audit. */
  readonly prisma: PrismaClient
  /** Series and the statements in `db/queries`, on the same connections. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** A client inside `prisma.$transaction`. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

const connectionsMax = 12
const connectTimeoutMs = 10_000

export function createDatabase(databaseUrl: string): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'eyrie',
  })
  // An idle connection that breaks is replaced at the next query, which reports what is wrong; without a listener it
  // would end the process.
  pool.on('error', () => undefined)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}

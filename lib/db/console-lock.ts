import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { connect } from './connect.ts'
import { DatabaseError } from './database-error.ts'

/** Like the lock of the migrations, any number that nobody else uses on this database. */
const consoleLock = 7_210_331_421
/** A console that is being replaced drains for a moment before it lets go. */
const patienceMs = 10_000
const reconnectMs = 1_000
const lockNotAvailable = '55P03'

/**
 * Makes sure that one console at a time works on a database: two would watch, store and alert twice. The lock belongs to a
 * connection, so a console that crashes frees it.
 */
export class ConsoleLock {
  /** Resolves when another console has taken the database, which can happen while the connection is down. */
  readonly lost: Promise<DatabaseError | undefined>
  readonly #databaseUrl: string
  readonly #releasing = new AbortController()
  #client: pg.Client

  constructor(databaseUrl: string, client: pg.Client) {
    this.#databaseUrl = databaseUrl
    this.#client = client
    this.lost = this.#keep()
  }

  /** Throws `DatabaseError` when another console has the database or it cannot be reached. */
  static async acquire(databaseUrl: string): Promise<ConsoleLock> {
    const client = await takeLock(databaseUrl)
    if (client === undefined) throw heldElsewhere()
    return new ConsoleLock(databaseUrl, client)
  }

  async release(): Promise<void> {
    this.#releasing.abort()
    await this.#client.end()
    await this.lost
  }

  async #keep(): Promise<DatabaseError | undefined> {
    const { signal } = this.#releasing
    while (!signal.aborted) {
      await ended(this.#client)
      while (!signal.aborted) {
        await delay(reconnectMs, undefined, { signal }).catch(() => undefined)
        const client = await takeLock(this.#databaseUrl).catch(() => 'unreachable' as const)
        if (client === 'unreachable') continue
        if (client === undefined) return heldElsewhere()
        this.#client = client
        break
      }
    }
    await this.#client.end()
    return undefined
  }
}

/** `undefined` when another console keeps it. Throws `DatabaseError` when the database cannot be reached. */
async function takeLock(databaseUrl: string): Promise<pg.Client | undefined> {
  const client = await connect(databaseUrl)
  client.on('error', () => undefined)
  try {
    // The server is to notice soon when this machine is gone without a word.
    await client.query(
      "set tcp_keepalives_idle = '30s'; set tcp_keepalives_interval = '5s'; set tcp_keepalives_count = 3",
    )
    await client.query(`set lock_timeout = ${patienceMs}`)
    await client.query('select pg_advisory_lock($1)', [consoleLock])
    return client
  } catch (error) {
    await client.end()
    if (error instanceof pg.DatabaseError && error.code === lockNotAvailable) return undefined
    throw error
  }
}

function ended(client: pg.Client): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()))
}

function heldElsewhere(): DatabaseError {
  return new DatabaseError('Another Eyrie works on this database: stop it, or set DATABASE_URL to another database.')
}

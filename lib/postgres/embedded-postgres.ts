import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { type PostgresBinaries, preparePostgresBinaries } from './postgres-binaries.ts'
import { openPostgresHome } from './postgres-home.ts'
import { lastLine } from './postgres-log.ts'
import { PostgresStartError } from './postgres-start-error.ts'
import { findPostgresUser, type ProcessUser } from './process-user.ts'
import { superviseServer } from './supervise-server.ts'

export interface EmbeddedPostgres {
  /** With the password; the database is the one that a new server has. */
  readonly databaseUrl: string
  /**
   * A server that dies is started again at the same address. Settles when there is none any more: with why it could
   * not be brought back, with `undefined` after `stop`.
   */
  readonly ended: Promise<{ reason: string } | undefined>
  /** Ends sessions, writes everything out and waits until the server is gone. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string
  readonly log: { info(message: string): void; error(details: { reason: string }, message: string): void }
  /** Server settings over ours; tests turn `fsync` off. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Sized for a console of a few users and one writer; memory at rest is about 30 MB with all its processes. */
const consoleSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: '64MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  wal_compression: 'on',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  logging_collector: 'off',
  log_min_messages: 'warning',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Runs the Postgres that npm installed, its data below `dataDirectory`, on a free loopback port. The server is in a
 * process group of its own, so that Ctrl-C does not reach it, and ends by itself when this process ends in any way.
 * Throws `PostgresStartError` with a sentence for the user.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await withFolderSentences(options.dataDirectory, () => mkdir(options.dataDirectory, { recursive: true }))
  const dataDirectory = path.resolve(options.dataDirectory)
  return withFolderSentences(dataDirectory, async () => {
    const user = await findPostgresUser(path.join(dataDirectory, 'postgres'))
    const home = await openPostgresHome({ dataFolder: dataDirectory, user })
    if (home.isElsewhere) {
      options.log.info(
        `Postgres keeps its data in ${home.folder}: its unprivileged user cannot enter ${dataDirectory}.`,
      )
    }
    const binaries = await preparePostgresBinaries({ copyInto: home.folder, user })
    const password = await readOrCreatePassword(path.join(dataDirectory, 'postgres-password'))
    const database = path.join(home.folder, 'postgres')
    await createDatabaseFolder({ database, binaries, user, password })
    await requireVersion(database, binaries)
    const port = await findFreePort()
    const settings = { ...consoleSettings, ...options.settings }
    const server = await superviseServer({ database, binaries, user, port, settings, log: options.log })
    return { databaseUrl: `postgresql://eyrie:${password}@127.0.0.1:${port}/postgres`, ...server }
  })
}

async function readOrCreatePassword(file: string): Promise<string> {
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  return password
}

interface DatabaseFolder {
  readonly database: string
  readonly binaries: PostgresBinaries
  readonly user: ProcessUser | undefined
  readonly password: string
}

/** Made beside its final name and moved there when it is whole, so that an interrupted first start leaves nothing. */
async function createDatabaseFolder({ database, binaries, user, password }: DatabaseFolder): Promise<void> {
  if (existsSync(path.join(database, 'PG_VERSION'))) return
  const unfinished = `${database}.unfinished`
  const passwordFile = `${database}.password`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user !== undefined) {
    await chown(unfinished, user.uid, user.gid)
    await chown(passwordFile, user.uid, user.gid)
  }
  try {
    const initdb = spawn(
      path.join(binaries.folder, 'bin', 'initdb'),
      [
        `--pgdata=${unfinished}`,
        '--username=eyrie',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-sync',
        '--no-instructions',
      ],
      { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const { code, output } = await collectOutput(initdb)
    if (code !== 0)
      throw new PostgresStartError(`The database in ${database} could not be created: ${lastLine(output)}`)
    await rename(unfinished, database)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(unfinished, { recursive: true, force: true })
  }
}

async function requireVersion(database: string, binaries: PostgresBinaries): Promise<void> {
  const version = (await readFile(path.join(database, 'PG_VERSION'), 'utf8')).trim()
  if (version === String(binaries.majorVersion)) return
  throw new PostgresStartError(
    `The database in ${database} was made by PostgreSQL ${version} and this Eyrie brings PostgreSQL ${binaries.majorVersion}: dump it with the Eyrie that made it, or move the folder away to start with an empty database.`,
  )
}

async function findFreePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return address.port
}

async function collectOutput(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, output }
}

/** Turns what the file system says of the data folder into a sentence. */
async function withFolderSentences<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PostgresStartError && !/No space left on device/.test(error.message)) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // A recursive mkdir on a read-only file system says ENOENT.
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'ENOENT') {
      throw new PostgresStartError(`The data folder ${folder} cannot be written. Set EYRIE_DATA_DIR to one that can.`, {
        cause: error,
      })
    }
    if (code === 'ENOSPC' || error instanceof PostgresStartError) {
      throw new PostgresStartError(`The disk of the data folder ${folder} is full. Make room or set EYRIE_DATA_DIR.`, {
        cause: error,
      })
    }
    if (code === 'ENOTDIR' || code === 'EEXIST') {
      throw new PostgresStartError(`The data folder ${folder} is not a folder. Set EYRIE_DATA_DIR to one.`, {
        cause: error,
      })
    }
    throw error
  }
}

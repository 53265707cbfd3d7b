import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ClusterStartError, type KafkaCluster, startCluster } from '../broker/cluster.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { type Console, startConsole } from './console.ts'
import { DatabaseError } from './db/database-error.ts'
import { migrate } from './db/migrate.ts'
import { HttpDoor, ListenError } from './http/http-door.ts'
import { createLog, type Log } from './log.ts'
import { startEmbeddedPostgres } from './postgres/embedded-postgres.ts'
import { PostgresStartError } from './postgres/postgres-start-error.ts'
import { provideRuntime } from './runtime.ts'
import { startPages } from './start-pages.ts'

/** What was found at the start makes it impossible; the message is one sentence. */
class StartError extends Error {}

const PORT_DEFAULT = 3000
const KAFKA_PORT_DEFAULT = 9092
const BROKERS = 3
/** How far the default ports move on when they are taken. */
const PORTS_TRIED = 20
const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** What was started, in order: it is stopped in the reverse. */
type Stops = { readonly name: string; readonly stop: () => Promise<void> }[]

await run()

async function run(): Promise<void> {
  const stops: Stops = []
  const stopping = new AbortController()
  onSignal(() => stopping.abort())
  try {
    const config = parseConfig(process.env)
    const log = createLog(config.logLevel)
    await start(config, log, stops)
    await aborted(stopping.signal)
    await stopAll(stops, log)
    process.exit(0)
  } catch (error) {
    await stopAll(stops, createLog('warn'))
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exit(1)
  }
}

async function start(config: Config, log: Log, stops: Stops): Promise<void> {
  const isDevelopment = process.argv.includes('--dev')
  const state: { console: Console | undefined; hasPages: boolean } = { console: undefined, hasPages: false }
  const door = new HttpDoor(log, [
    { name: 'Postgres', isThere: () => state.console !== undefined },
    { name: "the cluster's first round", isThere: () => state.console?.isReady === true },
    { name: 'the pages', isThere: () => state.hasPages },
  ])
  const port = await listen(door, config)
  await makeDataDirectory(config.dataDirectory)
  const baseUrl = config.publicUrl ?? `http://${urlHost(config.host)}:${port}`
  const opening = [
    openPostgres(config, log, stops),
    config.kafkaBrokers === undefined ? openKafka(config, stops) : undefined,
    startPages({ isDevelopment, projectDirectory, hostname: config.host, port }),
  ] as const
  // When one fails the others are let finish, so that what they started is known and stopped.
  await Promise.allSettled(opening)
  const [databaseUrl, kafka, pages] = await Promise.all(opening)
  const running = await startConsole({
    config,
    baseUrl,
    databaseUrl,
    door,
    log,
    clusters: [
      kafka === undefined
        ? { id: 'main', name: 'Kafka', kind: 'external', bootstrap: config.kafkaBrokers ?? '' }
        : { id: 'main', name: 'Embedded', kind: 'embedded', bootstrap: kafka.bootstrap, processes: kafka },
    ],
  })
  state.console = running
  // Before the database and the brokers: it writes out and asks them until it is closed.
  stops.push({ name: 'console', stop: () => running.close() })
  if (kafka !== undefined) watchRestarts(kafka, running)
  provideRuntime({
    fetchApi: (request) => running.fetchApi(request),
    findSession: (headers) => running.auth.findSession(headers),
    isSetUpOpen: () => running.auth.isSetUpOpen(),
  })
  door.openPages(pages.listener, pages.upgrade)
  state.hasPages = true
  process.stdout.write(greeting(baseUrl, running, kafka))
}

/** Binds before anything slow is started, so that a taken port is told at once. */
async function listen(door: HttpDoor, config: Config): Promise<number> {
  if (config.port !== undefined) return door.listen(config.host, config.port)
  for (let port = PORT_DEFAULT; port < PORT_DEFAULT + PORTS_TRIED; port++) {
    if (await isFree(port, config.host)) return door.listen(config.host, port)
  }
  return door.listen(config.host, PORT_DEFAULT)
}

async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK | constants.X_OK)
    const probe = path.join(directory, '.writable')
    await writeFile(probe, randomBytes(4096))
    await rm(probe)
  } catch (cause) {
    throw new StartError(`The data folder ${directory} cannot be written: ${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full'
    case 'EROFS':
      return 'the file system is read-only'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'it is not a folder'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}

/** Answers the address of a database that has its tables. */
async function openPostgres(config: Config, log: Log, stops: Stops): Promise<string> {
  let databaseUrl = config.databaseUrl
  if (databaseUrl === undefined) {
    const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(config.dataDirectory, 'postgres'), log })
    stops.push({ name: 'Postgres', stop: () => postgres.stop() })
    databaseUrl = postgres.databaseUrl
  }
  await migrate(databaseUrl)
  return databaseUrl
}

async function openKafka(config: Config, stops: Stops): Promise<KafkaCluster> {
  const port = await kafkaPort(config.kafkaPort)
  const cluster = await startCluster({
    brokers: BROKERS,
    port,
    dataDirectory: path.join(config.dataDirectory, 'kafka'),
  })
  stops.push({ name: 'Kafka', stop: () => cluster.stop() })
  return cluster
}

/** The first of a block of free ports: the controller's just below, then the brokers'. */
async function kafkaPort(asked: number | undefined): Promise<number> {
  const takenOf = async (first: number) => {
    for (let port = first - 1; port < first + BROKERS; port++) if (!(await isFree(port, '127.0.0.1'))) return port
    return undefined
  }
  if (asked !== undefined) {
    const taken = await takenOf(asked)
    if (taken === undefined) return asked
    throw new StartError(
      `Port ${taken} is in use, and EYRIE_KAFKA_PORT=${asked} needs ${asked - 1} to ${asked + BROKERS - 1}.`,
    )
  }
  for (let i = 0, port = KAFKA_PORT_DEFAULT; i < PORTS_TRIED; i++, port += BROKERS + 1) {
    if ((await takenOf(port)) === undefined) return port
  }
  throw new StartError(`No free block of ports was found from ${KAFKA_PORT_DEFAULT} on: set EYRIE_KAFKA_PORT.`)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** A process that died and was started again by its supervisor has another pid without having been stopped. */
function watchRestarts(kafka: KafkaCluster, running: Console): void {
  const pids = new Map(kafka.brokers.map(({ id, pid }) => [id, pid]))
  kafka.on('change', () => {
    for (const { id, pid, state } of kafka.brokers) {
      const before = pids.get(id)
      if (state === 'stopped') pids.delete(id)
      if (state !== 'running' || pid === undefined) continue
      pids.set(id, pid)
      if (before === undefined || before === pid) continue
      const subject = { kind: 'broker', id: `${id}` } as const
      running.recordChange('main', { code: 'brokerProcessRestarted', subject, params: {} })
    }
  })
}

function greeting(baseUrl: string, running: Console, kafka: KafkaCluster | undefined): string {
  const token = running.auth.setUpToken()
  const lines = [`Eyrie is ready: ${baseUrl}`]
  if (token !== undefined) lines.push(`Create the first account: ${baseUrl}/set-up?token=${token}`)
  if (kafka !== undefined) lines.push(`Kafka: ${kafka.bootstrap} (npm run demo sends records through it)`)
  return `${lines.join('\n')}\n`
}

/** What is reached on the machine itself when every address is listened on. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function onSignal(stop: () => void): void {
  let signals = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals++
      if (signals === 1) stop()
      // Who asks three times does not want to wait for the drain.
      if (signals === 3) process.exit(1)
    })
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

async function stopAll(stops: Stops, log: Log): Promise<void> {
  for (const { name, stop } of stops.splice(0).reverse()) {
    await stop().catch((error: unknown) => log.error({ error, name }, 'a part did not stop cleanly'))
  }
}

function sentenceOf(error: unknown): string {
  const isForPerson = [StartError, ConfigError, ListenError, DatabaseError, PostgresStartError, ClusterStartError].some(
    (expected) => error instanceof expected,
  )
  if (error instanceof Error) return isForPerson ? error.message : (error.stack ?? error.message)
  return String(error)
}

import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ClusterStartError, type KafkaCluster, startCluster } from '../broker/cluster.ts'
import { type Config, ConfigError, parseConfig } from './config.ts'
import { type Console, startConsole } from './console.ts'
import { ConsoleLock } from './db/console-lock.ts'
import { DatabaseError } from './db/database-error.ts'
import { migrate } from './db/migrate.ts'
import { HttpDoor, ListenError } from './http/http-door.ts'
import { createLog, type Log, sendConsoleTo } from './log.ts'
import { startEmbeddedPostgres } from './postgres/embedded-postgres.ts'
import { PostgresStartError } from './postgres/postgres-start-error.ts'
import { provideRuntime } from './runtime.ts'
import { chooseKafkaPort } from './start/choose-kafka-port.ts'
import { listen } from './start/listen.ts'
import { makeDataDirectory } from './start/make-data-directory.ts'
import { StartError } from './start/start-error.ts'
import { startPages } from './start/start-pages.ts'

const brokers = 3
const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))

/** What keeps the console from going on; the message is one sentence. */
class EndError extends Error {}

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
    await start({
      config,
      log,
      stops,
      isDevelopment: process.argv.includes('--dev'),
      end: (why) => stopping.abort(why),
    })
    await aborted(stopping.signal)
    await stopAll(stops, log)
    if (stopping.signal.reason instanceof EndError) throw stopping.signal.reason
    process.exit(0)
  } catch (error) {
    await stopAll(stops, createLog('warn'))
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exit(1)
  }
}

interface Start {
  readonly config: Config
  readonly log: Log
  readonly isDevelopment: boolean
  readonly stops: Stops
  /** Stops everything in good order when it cannot go on; the message is told last. */
  readonly end: (why: EndError) => void
}

async function start(options: Start): Promise<void> {
  const { config, log, stops, isDevelopment } = options
  // Who develops reads what Next has to say as it is.
  if (!isDevelopment) sendConsoleTo(log)
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
    openPostgres(options),
    config.kafkaBrokers === undefined ? openKafka(options) : undefined,
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
        : { id: 'main', name: 'Local', kind: 'embedded', bootstrap: kafka.bootstrap, processes: kafka },
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

/** Answers the address of a database that has its tables and that no other console works on. */
async function openPostgres({ config, log, stops, end }: Start): Promise<string> {
  let databaseUrl = config.databaseUrl
  if (databaseUrl === undefined) {
    const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(config.dataDirectory, 'postgres'), log })
    stops.push({ name: 'Postgres', stop: () => postgres.stop() })
    void postgres.ended.then((ended) => ended && end(new EndError(`Eyrie has lost its database. ${ended.reason}`)))
    databaseUrl = postgres.databaseUrl
  }
  const lock = await ConsoleLock.acquire(databaseUrl)
  stops.push({ name: 'the lock of the database', stop: () => lock.release() })
  void lock.lost.then((lost) => lost && end(new EndError(lost.message)))
  await migrate(databaseUrl)
  return databaseUrl
}

async function openKafka({ config, stops }: Start): Promise<KafkaCluster> {
  const port = await chooseKafkaPort(config.kafkaPort, brokers)
  const cluster = await startCluster({ brokers, port, dataDirectory: path.join(config.dataDirectory, 'kafka') })
  stops.push({ name: 'Kafka', stop: () => cluster.stop() })
  return cluster
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
  const isForPerson = [
    StartError,
    EndError,
    ConfigError,
    ListenError,
    DatabaseError,
    PostgresStartError,
    ClusterStartError,
  ].some((expected) => error instanceof expected)
  if (error instanceof Error) return isForPerson ? error.message : (error.stack ?? error.message)
  return String(error)
}

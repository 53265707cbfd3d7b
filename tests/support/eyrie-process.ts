import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from './free-ports.ts'
import { isRunning, listDescendants, type RunningProcess } from './process-tree.ts'
import { waitFor } from './wait-for.ts'

const projectDirectory = fileURLToPath(new URL('../..', import.meta.url))
/** The first start of a checkout builds the pages, on a machine that does other things too. */
const startTimeoutMs = 240_000
const brokers = 3

export interface EyrieProcessOptions {
  readonly dataDirectory: string
  readonly port?: number
  readonly kafkaPort?: number
  readonly environment?: Readonly<Record<string, string>>
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A folder that any user may enter: as root, Postgres runs as another one. */
export async function makeDataDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'eyrie-data-'))
  await chmod(directory, 0o755)
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** Starts the product as `npm start` does and resolves when `/readyz` answers 200. */
export async function startEyrie(options: EyrieProcessOptions): Promise<EyrieProcess> {
  const eyrie = await spawnEyrie(options)
  await eyrie.ready()
  return eyrie
}

/** Starts the product as `npm start` does, on free ports unless some are given. */
export async function spawnEyrie(options: EyrieProcessOptions): Promise<EyrieProcess> {
  const port = options.port ?? (await findFreePorts(1))
  const kafkaPort = options.kafkaPort ?? (await findFreePorts(brokers + 1)) + 1
  const child = spawn(process.execPath, ['lib/launch.js', 'console'], {
    cwd: projectDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: `${port}`,
      EYRIE_KAFKA_PORT: `${kafkaPort}`,
      EYRIE_DATA_DIR: options.dataDirectory,
      EYRIE_TICK_MS: '1000',
      ...options.environment,
    },
  })
  return new EyrieProcess(child, port, kafkaPort)
}

/** The whole product as a child process, with everything that it has started in turn. */
export class EyrieProcess {
  readonly url: string
  readonly port: number
  readonly kafkaPort: number
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  #hasEnded = false
  #output = ''
  #errors = ''

  constructor(child: ChildProcess, port: number, kafkaPort: number) {
    this.#child = child
    this.port = port
    this.kafkaPort = kafkaPort
    this.url = `http://127.0.0.1:${port}`
    child.stdout?.on('data', (chunk) => {
      this.#output += chunk
    })
    child.stderr?.on('data', (chunk) => {
      this.#errors += chunk
    })
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        this.#hasEnded = true
        resolve({ code, signal })
      }),
    )
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** What it has printed for people. */
  get output(): string {
    return this.#output
  }

  /** What it has printed on stderr, without the word of the launcher that it builds. */
  get errors(): string {
    return this.#errors.replace(/^Building .*\n/gm, '')
  }

  get bootstrap(): string {
    return Array.from({ length: brokers }, (_, index) => `127.0.0.1:${this.kafkaPort + index}`).join(',')
  }

  /** The one-time link that creates the first admin. */
  get setUpLink(): string | undefined {
    return /^Create the first account: (\S+)$/m.exec(this.#output)?.[1]
  }

  /** Resolves when it answers `/readyz` with 200. */
  async ready(): Promise<void> {
    const probe = async () => {
      if (this.#hasEnded) throw new Error(`Eyrie ended while starting: ${this.#errors}`)
      return (await statusOf(`${this.url}/readyz`)) === 200
    }
    await waitFor('Eyrie is ready', probe, { timeoutMs: startTimeoutMs, intervalMs: 50 })
  }

  descendants(): Promise<RunningProcess[]> {
    return listDescendants(this.pid)
  }

  /** SIGKILL; the console starts the broker again. */
  async killBroker(id: number): Promise<void> {
    const broker = (await this.descendants()).find(({ command }) => command.includes(`"nodeId":${id}`))
    if (broker === undefined) throw new Error(`Broker ${id} has no process`)
    process.kill(broker.pid, 'SIGKILL')
  }

  /** Sends a signal and resolves when the process is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (!this.#hasEnded) this.#child.kill(signal)
    return this.ended
  }

  /** Ends it in any way, with everything that it started. For the end of a test, whatever happened in it. */
  async destroy(): Promise<void> {
    const started = await this.descendants()
    await this.end('SIGKILL')
    for (const { pid } of started) if (await isRunning(pid)) process.kill(pid, 'SIGKILL')
  }
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url)).status
  } catch {
    return undefined
  }
}

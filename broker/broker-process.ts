import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type BrokerConfig, formatBrokerConfig, secretsVariable } from './config.ts'

export type ToBroker = { readonly type: 'ping' }
export type FromBroker = { readonly type: 'ready' } | { readonly type: 'pong' }

export type BrokerState = 'starting' | 'running' | 'stopping' | 'stopped' | 'restarting'

const firstRestartDelayMs = 250
const restartDelayMsMax = 10_000
/** A broker that has run this long has not been failing at its start. */
const settledMs = 30_000
const pingIntervalMs = 1_000
/** A broker that is silent for so long is hung; as controller it would keep the others from taking over. */
const silenceMsMax = 6_000
const killAfterMs = 25_000
const outputLengthMax = 2_000

/** Small heaps keep a broker small; record bytes live outside of them. */
const nodeOptions = ['--max-semi-space-size=8', '--enable-source-maps']

interface BrokerProcessEvents {
  change: []
  /** It ended before it served anybody; `output` is what it said, which is written out only if nobody listens. */
  failed: [output: string]
}

/**
 * Runs one broker as a child process in a process group of its own, and runs it again when it dies. One that hangs is
 * killed. `stop` is final until `start`.
 */
export class BrokerProcess extends EventEmitter<BrokerProcessEvents> {
  readonly config: BrokerConfig
  #child: ChildProcess | undefined
  #state: BrokerState = 'stopped'
  #restartDelayMs = firstRestartDelayMs
  #restart: NodeJS.Timeout | undefined

  constructor(config: BrokerConfig) {
    super()
    this.config = config
  }

  get state(): BrokerState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(): void {
    if (this.#state !== 'stopped' && this.#state !== 'restarting') return
    this.#become('starting')
    const entry = fileURLToPath(new URL('./main.js', import.meta.url))
    const { argument, secrets } = formatBrokerConfig(this.config)
    const child = fork(entry, [argument], {
      detached: true,
      execArgv: nodeOptions,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '8', [secretsVariable]: secrets },
    })
    this.#child = child
    let output = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#state === 'starting') output = (output + chunk.toString('utf8')).slice(-outputLengthMax)
      else process.stderr.write(chunk)
    })
    const startedAtMs = performance.now()
    const watch = watchPulse(child)
    child.on('message', (message: FromBroker) => {
      if (message.type !== 'ready' || this.#state !== 'starting') return
      process.stderr.write(output)
      this.#become('running')
    })
    // Not 'exit': its last words may still be on their way.
    child.once('close', () => {
      clearInterval(watch)
      this.#ended(startedAtMs, output)
    })
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart)
    const child = this.#child
    if (child === undefined) {
      this.#become('stopped')
      return
    }
    this.#become('stopping')
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await new Promise<void>((resolve) => child.once('close', () => resolve()))
    clearTimeout(kill)
  }

  #ended(startedAtMs: number, output: string): void {
    const wasStarting = this.#state === 'starting'
    this.#child = undefined
    if (this.#state === 'stopping') {
      this.#become('stopped')
      return
    }
    if (performance.now() - startedAtMs > settledMs) this.#restartDelayMs = firstRestartDelayMs
    this.#become('restarting')
    this.#restart = setTimeout(() => this.start(), this.#restartDelayMs)
    this.#restartDelayMs = Math.min(this.#restartDelayMs * 2, restartDelayMsMax)
    if (wasStarting && !this.emit('failed', output.trim())) process.stderr.write(output)
  }

  #become(state: BrokerState): void {
    this.#state = state
    this.emit('change')
  }
}

function watchPulse(child: ChildProcess): NodeJS.Timeout {
  let heardAtMs = performance.now()
  child.on('message', () => {
    heardAtMs = performance.now()
  })
  return setInterval(() => {
    if (performance.now() - heardAtMs > silenceMsMax + pingIntervalMs) child.kill('SIGKILL')
    else if (child.connected) child.send({ type: 'ping' } satisfies ToBroker)
  }, pingIntervalMs)
}

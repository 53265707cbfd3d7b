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
/** A broker that leaves so many in a row unanswered is hung; as controller it would keep the others from taking over. */
const unansweredPingsMax = 7
/** Until its first answer, while its code is loaded and the machine may be busy. */
const unansweredFirstPingsMax = 60
const killAfterMs = 25_000
const outputLengthMax = 2_000

/**
 * Record bytes live outside of the heap, and V8 marks the whole of it for each 64 MB of them that became garbage. A small
 * young generation is collected, cheaply, before it comes to that.
 */
const nodeOptions = ['--max-semi-space-size=1', '--enable-source-maps']

interface BrokerProcessEvents {
  change: []
  /** It ended before it served anybody; `reason` is what it said, or how it ended, and is written out if nobody listens. */
  failed: [reason: string]
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
    const pulse = new Pulse(child)
    // No process could be had, or its channel closed with something still on its way there. `close` follows.
    child.on('error', ({ message }) => {
      output += `${message}\n`
    })
    child.on('message', (message: FromBroker) => {
      if (message.type !== 'ready' || this.#state !== 'starting') return
      process.stderr.write(output)
      this.#become('running')
    })
    // Not 'exit': its last words may still be on their way.
    child.once('close', (code, signal) => {
      pulse.stop()
      const ending = pulse.isLost ? 'it gave no sign of life and was killed' : endingOf(code, signal)
      this.#ended(startedAtMs, output.trim() === '' ? `${ending}.` : output.trim())
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

  #ended(startedAtMs: number, reason: string): void {
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
    if (wasStarting && !this.emit('failed', reason)) {
      process.stderr.write(`Broker ${this.config.nodeId} did not start again: ${reason}\n`)
    }
  }

  #become(state: BrokerState): void {
    this.#state = state
    this.emit('change')
  }
}

function endingOf(code: number | null, signal: string | null): string {
  return signal === null ? `its process ended with exit code ${code}` : `its process was ended by ${signal}`
}

/**
 * Kills a child that does not answer. It counts its own pings, not seconds: where the whole machine is so busy that
 * the child stands still, so does this.
 */
class Pulse {
  readonly #child: ChildProcess
  readonly #interval: NodeJS.Timeout
  #unanswered = 0
  #unansweredMax = unansweredFirstPingsMax
  #isLost = false

  constructor(child: ChildProcess) {
    this.#child = child
    this.#interval = setInterval(() => this.#ping(), pingIntervalMs)
    child.on('message', () => {
      this.#unanswered = 0
      this.#unansweredMax = unansweredPingsMax
    })
  }

  /** Whether this is what killed it. */
  get isLost(): boolean {
    return this.#isLost
  }

  stop(): void {
    clearInterval(this.#interval)
  }

  #ping(): void {
    this.#isLost = this.#unanswered >= this.#unansweredMax
    if (this.#isLost) {
      this.#child.kill('SIGKILL')
    } else if (this.#child.connected) {
      this.#child.send({ type: 'ping' } satisfies ToBroker)
      this.#unanswered++
    }
  }
}

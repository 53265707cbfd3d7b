import type { Scheduler } from '../../broker/clock.ts'
import type { FileSystem } from '../../broker/log/file-system.ts'
import type { Network } from '../../broker/network/network.ts'
import type { World } from '../../broker/world.ts'
import { Random } from './random.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { SimulatedFileSystem } from './simulated-file-system.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { type EventOwner, Timeline } from './timeline.ts'

/** Where processes run: one time, one disk, one network, all moved by one seed. */
export class Machine {
  readonly timeline = new Timeline()
  readonly random: Random
  readonly disk: SimulatedDisk
  readonly network: SimulatedNetwork
  /** What happened, in words. */
  readonly trace: string[] = []
  /** What must not have happened. */
  readonly violations: string[] = []
  readonly #onTrace: (line: string) => void
  #processes = 0

  constructor(seed: number, onTrace: (line: string) => void = () => undefined) {
    const root = new Random(seed)
    this.random = root.fork()
    this.disk = new SimulatedDisk(this.timeline, root.fork())
    this.network = new SimulatedNetwork(this.timeline, root.fork())
    this.#onTrace = onTrace
  }

  start(name: string): SimulatedProcess {
    this.#processes += 1
    return new SimulatedProcess(this, this.#processes, name)
  }

  tell(who: string, text: string): void {
    const line = `${(this.timeline.nowMs / 1_000).toFixed(4).padStart(9)} ${who}: ${text}`
    this.timeline.note(line)
    this.trace.push(line)
    this.#onTrace(line)
  }

  violate(text: string): void {
    this.violations.push(text)
    this.tell('VIOLATION', text)
  }

  /** Stacks name files and lines, which another build has elsewhere: they are no part of the history. */
  violateBy(error: unknown, text: string): void {
    this.violations.push(`${text}: ${stacksOf(error)}`)
    this.tell('VIOLATION', `${text}: ${describeError(error)}`)
  }
}

/** One process: what runs in it stops for ever when it is killed, and for a while when it is paused. */
export class SimulatedProcess implements EventOwner, World {
  readonly number: number
  readonly name: string
  readonly clock: Scheduler
  readonly fileSystem: FileSystem
  readonly network: Network
  isAlive = true
  pausedUntilMs = 0
  /** What the process told its log. */
  onReport: (error: unknown) => void
  readonly #machine: Machine

  constructor(machine: Machine, number: number, name: string) {
    this.#machine = machine
    this.number = number
    this.name = name
    const { timeline } = machine
    // Node's timers are no shorter than a millisecond.
    const setTimeout = (callback: () => void, delayMs: number) => {
      const event = timeline.after(Math.max(1, delayMs), this, callback)
      return { close: () => event.cancel(), unref: () => undefined }
    }
    const setImmediate = (callback: () => void) => {
      timeline.after(0, this, callback)
    }
    const startedAtMs = timeline.nowMs
    this.clock = {
      nowMs: () => timeline.wallMs,
      monotonicMs: () => timeline.nowMs - startedAtMs,
      setTimeout,
      setImmediate,
    }
    this.fileSystem = new SimulatedFileSystem(machine.disk, this)
    this.network = machine.network.of(this)
    this.onReport = (error) => machine.violateBy(error, `${name} reports`)
  }

  report(error: unknown): void {
    this.onReport(error)
  }

  /** As SIGKILL does. */
  kill(): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.#machine.disk.kill(this)
    this.#machine.network.kill(this)
  }

  /** As SIGSTOP does, and SIGCONT later. */
  pause(forMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, this.#machine.timeline.nowMs + forMs)
  }
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { name, message, cause } = error
  return cause === undefined ? `${name}: ${message}` : `${name}: ${message}; caused by ${describeError(cause)}`
}

function stacksOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `; caused by ${stacksOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

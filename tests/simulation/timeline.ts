/** Whose code an event runs. A process that is stopped runs it when it goes on, one that was killed never. */
export interface EventOwner {
  readonly number: number
  readonly isAlive: boolean
  readonly pausedUntilMs: number
}

export interface ScheduledEvent {
  cancel(): void
}

interface PendingEvent extends ScheduledEvent {
  atMs: number
  readonly order: number
  readonly owner: EventOwner
  run: (() => void) | undefined
}

/** 2026-11-23, so that timestamps look like some. */
const epochMs = 1_795_392_000_000

// Taken before the simulation forbids them to everybody else.
const nodeSetImmediate = setImmediate

/** What no process owns: disks, wires, the hand of fate. */
export const nature: EventOwner = { number: 0, isAlive: true, pausedUntilMs: 0 }

/**
 * Virtual time: one queue of all that will happen, run one event at a time with everything that follows from it in
 * promises. Nothing else can run in between, so the order of events depends on the seed alone.
 */
export class Timeline {
  readonly #queue: PendingEvent[] = []
  #nowMs = 0
  #scheduled = 0
  #executed = 0
  #hash = 0x811c9dc5

  get nowMs(): number {
    return this.#nowMs
  }

  /** As the machine's clocks show it, in milliseconds since 1970. */
  get wallMs(): number {
    return Math.floor(epochMs + this.#nowMs)
  }

  get executed(): number {
    return this.#executed
  }

  /** Of all that has happened so far, in its order. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }

  /** Makes something that was seen part of the hash. */
  note(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i))
  }

  after(delayMs: number, owner: EventOwner, run: () => void): ScheduledEvent {
    const event: PendingEvent = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#scheduled++,
      owner,
      run,
      cancel: () => {
        event.run = undefined
      },
    }
    this.#push(event)
    return event
  }

  /** At once, unless the process is stopped: then when it goes on. Never when it is dead. */
  whenRunning(owner: EventOwner, run: () => void): void {
    if (owner.pausedUntilMs > this.#nowMs) this.after(0, owner, run)
    else if (owner.isAlive) run()
  }

  /** Runs events until `isDone` or the time is over. Errors of events end it. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    while (!isDone()) {
      const next = this.#queue[0]
      if (next === undefined || next.atMs > untilMs) {
        this.#nowMs = untilMs
        return
      }
      this.#pop()
      if (next.run === undefined || !next.owner.isAlive) continue
      if (next.owner.pausedUntilMs > next.atMs) {
        next.atMs = next.owner.pausedUntilMs
        this.#push(next)
        continue
      }
      this.#nowMs = next.atMs
      this.#executed += 1
      this.#mix(next.owner.number)
      this.#mix(Math.round(next.atMs * 1_000))
      next.run()
      // Promises and ticks that the event has set going are through when the event loop turns.
      await new Promise<void>((resolve) => nodeSetImmediate(resolve))
    }
  }

  #mix(value: number): void {
    this.#hash = Math.imul(this.#hash ^ (value & 0xffff), 0x01000193)
    this.#hash = Math.imul(this.#hash ^ (value >>> 16), 0x01000193)
  }

  #push(event: PendingEvent): void {
    const queue = this.#queue
    let at = queue.length
    queue.push(event)
    while (at > 0) {
      const parentAt = (at - 1) >> 1
      const parent = queue[parentAt]
      if (parent === undefined || isBefore(parent, event)) break
      queue[at] = parent
      at = parentAt
    }
    queue[at] = event
  }

  #pop(): void {
    const queue = this.#queue
    const last = queue.pop()
    if (last === undefined || queue.length === 0) return
    let at = 0
    for (;;) {
      let childAt = 2 * at + 1
      let child = queue[childAt]
      if (child === undefined) break
      const right = queue[childAt + 1]
      if (right !== undefined && isBefore(right, child)) {
        child = right
        childAt += 1
      }
      if (isBefore(last, child)) break
      queue[at] = child
      at = childAt
    }
    queue[at] = last
  }
}

function isBefore(a: PendingEvent, b: PendingEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

import type { Scheduler, Timeout } from './clock.ts'

/** The part of a Scheduler that the wheel needs. */
export type WheelClock = Pick<Scheduler, 'monotonicMs' | 'setTimeout'>

const tickMs = 10
const slotCount = 512

export interface TimerHandle {
  cancel(): void
}

/**
 * Timers with a resolution of 10 ms, for waits that are nearly always cancelled or moved (session timeouts, long polls).
 * Scheduling and cancelling cost O(1) and at most one timer of the clock exists, unreferenced, armed for the next slot in use.
 * A callback never runs before its delay is over, nor inside `schedule`. It must not throw.
 */
export class TimerWheel {
  readonly #clock: WheelClock
  readonly #slots: Set<Timer>[] = Array.from({ length: slotCount }, () => new Set<Timer>())
  /** Every tick below this one has been fired. */
  #nextTick: number
  #size = 0
  #alarm: { tick: number; timeout: Timeout } | undefined

  constructor(clock: WheelClock) {
    this.#clock = clock
    this.#nextTick = Math.floor(clock.monotonicMs() / tickMs) + 1
  }

  schedule(delayMs: number, callback: () => void): TimerHandle {
    const nowMs = this.#clock.monotonicMs()
    // An idle wheel stands still; without this, waking it would walk through all the ticks it has slept.
    if (this.#size === 0) this.#nextTick = Math.floor(nowMs / tickMs) + 1
    const tick = Math.max(Math.ceil((nowMs + delayMs) / tickMs), this.#nextTick)
    const timer = { tick, callback }
    this.#slot(tick).add(timer)
    this.#size += 1
    this.#armFor(tick)
    return { cancel: () => this.#remove(timer) }
  }

  /** Runs what is due by the clock. The wheel calls it by itself; a test with a clock of its own may call it too. */
  advance(): void {
    const lastTick = Math.floor(this.#clock.monotonicMs() / tickMs)
    // After a long pause every slot is visited once, not once a tick.
    const from = Math.max(this.#nextTick, lastTick - slotCount + 1)
    this.#nextTick = lastTick + 1
    const due: Timer[] = []
    for (let tick = from; tick <= lastTick; tick++) {
      for (const timer of this.#slot(tick)) if (timer.tick <= lastTick) due.push(timer)
    }
    due.sort((a, b) => a.tick - b.tick)
    for (const timer of due) if (this.#remove(timer)) timer.callback()
    this.#armForNext()
  }

  close(): void {
    for (const slot of this.#slots) slot.clear()
    this.#size = 0
    this.#disarm()
  }

  #slot(tick: number): Set<Timer> {
    const slot = this.#slots[tick % slotCount]
    if (slot === undefined) throw new RangeError(`no slot for tick ${tick}`)
    return slot
  }

  #remove(timer: Timer): boolean {
    const isRemoved = this.#slot(timer.tick).delete(timer)
    if (isRemoved) this.#size -= 1
    return isRemoved
  }

  #armForNext(): void {
    this.#disarm()
    if (this.#size === 0) return
    let tick = this.#nextTick
    while (this.#slot(tick).size === 0) tick += 1
    this.#armFor(tick)
  }

  #armFor(tick: number): void {
    if (this.#alarm !== undefined && this.#alarm.tick <= tick) return
    this.#disarm()
    const delayMs = tick * tickMs - this.#clock.monotonicMs()
    const timeout = this.#clock.setTimeout(() => this.#ring(), Math.max(0, Math.ceil(delayMs)))
    timeout.unref()
    this.#alarm = { tick, timeout }
  }

  #ring(): void {
    this.#alarm = undefined
    this.advance()
  }

  #disarm(): void {
    this.#alarm?.timeout.close()
    this.#alarm = undefined
  }
}

interface Timer {
  readonly tick: number
  readonly callback: () => void
}

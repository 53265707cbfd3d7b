import { type Scheduler, systemClock, type Timeout } from '../clock.ts'
import { MetadataImage } from './image.ts'
import { MetadataDelta } from './metadata-delta.ts'
import { decodeMetadataRecord, type MetadataRecord } from './records.ts'

interface Waiter {
  readonly isReached: () => boolean
  readonly resolve: (isReached: boolean) => void
  readonly timeout: Timeout
}

/**
 * A broker's view of the cluster: the metadata log applied up to `offset`. Listeners run after each batch, in the order
 * in which they were added, and see the image with the whole batch applied.
 */
export class MetadataCache {
  readonly image: MetadataImage
  readonly #clock: Pick<Scheduler, 'setTimeout'>
  readonly #listeners: ((delta: MetadataDelta) => void)[] = []
  #waiters: Waiter[] = []
  #offset = 0
  #controllerId = -1
  #controllerEpoch = -1

  constructor(clusterId: string, clock: Pick<Scheduler, 'setTimeout'> = systemClock) {
    this.#clock = clock
    this.image = new MetadataImage(clusterId)
  }

  /** The next offset to apply. */
  get offset(): number {
    return this.#offset
  }

  /** The broker that holds the controller, -1 until one was heard of. */
  get controllerId(): number {
    return this.#controllerId
  }

  /** The broker to name to clients as the controller: any one sends on to it, so while its own is fenced another will do. */
  get reachableControllerId(): number {
    if (this.image.isUnfenced(this.#controllerId)) return this.#controllerId
    for (const broker of this.image.brokers.values()) if (!broker.isFenced) return broker.id
    return -1
  }

  get controllerEpoch(): number {
    return this.#controllerEpoch
  }

  onChange(listener: (delta: MetadataDelta) => void): void {
    this.#listeners.push(listener)
  }

  /** A new controller opens its epoch with a LeaderChange control record, which takes one offset. */
  applyLeaderChange(controllerId: number, controllerEpoch: number, nextOffset: number): void {
    this.#controllerId = controllerId
    this.#controllerEpoch = controllerEpoch
    this.#advance(nextOffset)
  }

  apply(values: readonly Buffer[], nextOffset: number): void {
    const delta = new MetadataDelta()
    const records: MetadataRecord[] = values.map(decodeMetadataRecord)
    for (const record of records) this.image.apply(record, delta)
    for (const listener of this.#listeners) listener(delta)
    this.#advance(nextOffset)
  }

  /** All records of a snapshot in place of what was known. */
  applySnapshot(values: readonly Buffer[], endOffset: number): void {
    const image = new MetadataImage(this.image.clusterId)
    const whole = new MetadataDelta()
    for (const value of values) image.apply(decodeMetadataRecord(value), whole)
    const delta = new MetadataDelta()
    this.image.replaceWith(image, delta)
    for (const listener of this.#listeners) listener(delta)
    this.#advance(endOffset)
  }

  /** Resolves with true once everything below `offset` is applied, with false when `timeoutMs` passes first. */
  waitForOffset(offset: number, timeoutMs: number): Promise<boolean> {
    return this.waitUntil(() => this.#offset >= offset, timeoutMs)
  }

  /** Resolves with true as soon as the image satisfies `isReached`, with false when `timeoutMs` passes first. */
  waitUntil(isReached: () => boolean, timeoutMs: number): Promise<boolean> {
    if (isReached()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const waiter: Waiter = {
        isReached,
        resolve,
        timeout: this.#clock.setTimeout(() => {
          this.#waiters = this.#waiters.filter((other) => other !== waiter)
          resolve(false)
        }, timeoutMs),
      }
      this.#waiters.push(waiter)
    })
  }

  #advance(nextOffset: number): void {
    this.#offset = nextOffset
    if (this.#waiters.length === 0) return
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) {
      if (!waiter.isReached()) {
        this.#waiters.push(waiter)
        continue
      }
      waiter.timeout.close()
      waiter.resolve(true)
    }
  }
}

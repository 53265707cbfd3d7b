import { Duplex } from 'node:stream'
import type { Socket } from '../../broker/network/network.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import { systemError } from './system-error.ts'
import type { EventOwner } from './timeline.ts'

/** What a connection holds that its reader has not taken, before the writer has to wait. */
const windowBytes = 256 * 1024

type Parcel = { kind: 'data'; bytes: Buffer; taken: () => void } | { kind: 'end' } | { kind: 'reset' }

/** One direction of a connection. */
export class Wire {
  readonly #from: SimulatedSocket
  readonly #to: SimulatedSocket
  readonly #network: SimulatedNetwork
  readonly #parcels: { parcel: Parcel; atMs: number }[] = []
  #lastAtMs = 0
  #isMoving = false
  #heldBytes = 0

  constructor(from: SimulatedSocket, to: SimulatedSocket, network: SimulatedNetwork) {
    this.#from = from
    this.#to = to
    this.#network = network
    to.onHungry = () => this.#move()
  }

  send(bytes: Buffer, done: () => void): void {
    const isFull = this.#heldBytes > windowBytes
    this.#heldBytes += bytes.length
    const pieces = this.#network.pieces(bytes)
    for (const [i, piece] of pieces.entries()) {
      const isLast = i === pieces.length - 1
      const taken = () => {
        this.#heldBytes -= piece.length
        if (isLast && isFull) this.#network.soon(this.#from.owner, done)
      }
      this.push({ kind: 'data', bytes: piece, taken })
    }
    if (!isFull) done()
  }

  push(parcel: Parcel): void {
    const { nowMs } = this.#network
    this.#lastAtMs = Math.max(this.#lastAtMs, nowMs + this.#network.delayMs(this.#from.owner, this.#to.owner))
    this.#parcels.push({ parcel, atMs: this.#lastAtMs })
    this.#move()
  }

  #move(): void {
    const head = this.#parcels[0]
    if (head === undefined || this.#isMoving) return
    if (head.parcel.kind === 'data' && !this.#to.isHungry && !this.#to.destroyed) return
    this.#isMoving = true
    const { owner: from } = this.#from
    const { owner: to } = this.#to
    this.#network.at(head.atMs - this.#network.nowMs, () => {
      this.#network.whenWhole(from, to, () => this.#network.whenRunning(to, () => this.#deliver()))
    })
  }

  #deliver(): void {
    this.#isMoving = false
    const parcel = this.#parcels.shift()?.parcel
    if (parcel === undefined) return
    if (parcel.kind === 'data') {
      // Whoever has closed answers what still comes with a reset.
      if (this.#to.destroyed) this.#to.outgoing?.push({ kind: 'reset' })
      else this.#to.receive(parcel.bytes)
      parcel.taken()
    } else if (parcel.kind === 'end') this.#to.receiveEnd()
    else this.#to.destroy(systemError('ECONNRESET', 'read'))
    this.#move()
  }
}

export class SimulatedSocket extends Duplex implements Socket {
  readonly remoteAddress = '127.0.0.1'
  readonly owner: EventOwner
  outgoing: Wire | undefined
  onHungry: () => void = () => undefined
  isHungry = false
  readonly #network: SimulatedNetwork

  constructor(owner: EventOwner, network: SimulatedNetwork) {
    super({ allowHalfOpen: false })
    this.owner = owner
    this.#network = network
  }

  setNoDelay(): this {
    return this
  }

  /** Histories are shorter than any connection may be idle. */
  setTimeout(): this {
    return this
  }

  receive(bytes: Buffer): void {
    this.isHungry = false
    this.push(bytes)
  }

  receiveEnd(): void {
    if (!this.destroyed) this.push(null)
  }

  override _read(): void {
    this.isHungry = true
    this.onHungry()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // The kernel's copy: what the writer does with the buffer afterwards is its own affair.
    this.#send(Buffer.from(chunk), done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: () => void): void {
    this.outgoing?.push({ kind: 'end' })
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.outgoing?.push({ kind: 'end' })
    this.#network.forget(this)
    this.onHungry()
    done(error)
  }

  #send(bytes: Buffer, done: () => void): void {
    if (this.outgoing === undefined) done()
    else this.outgoing.send(bytes, done)
  }
}

import { EventEmitter } from 'node:events'
import type { Network, Server, Socket } from '../../broker/network/network.ts'
import type { Random } from './random.ts'
import { SimulatedSocket, Wire } from './simulated-socket.ts'
import { systemError } from './system-error.ts'
import { type EventOwner, nature, type Timeline } from './timeline.ts'

/** Between two processes, one way. */
interface Link {
  baseMs: number
  extraMs: number
  isCut: boolean
  /** What waits for the link to work again. */
  readonly waiting: (() => void)[]
}

/**
 * Connections between processes, in memory. Bytes arrive in order after a delay of the link, now and then in pieces; a
 * link that is cut holds them back, as TCP does, and delivers when it works again. A killed process's ports are free at
 * once and its connections end.
 */
export class SimulatedNetwork {
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #links = new Map<string, Link>()
  readonly #servers = new Map<number, SimulatedServer>()
  readonly #sockets = new Map<EventOwner, Set<SimulatedSocket>>()

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline
    this.#random = random
  }

  /** The network as one process sees it. */
  of(owner: EventOwner): Network {
    return {
      connect: ({ port }) => this.#connect(owner, port),
      createServer: (_, onConnection) => new SimulatedServer(owner, this, onConnection),
    }
  }

  cut(from: EventOwner, to: EventOwner): void {
    this.#link(from, to).isCut = true
  }

  slowDown(from: EventOwner, to: EventOwner, extraMs: number): void {
    this.#link(from, to).extraMs = extraMs
  }

  /** Everything between the two works as at first. */
  heal(from: EventOwner, to: EventOwner): void {
    const link = this.#link(from, to)
    link.isCut = false
    link.extraMs = 0
    for (const resume of link.waiting.splice(0)) resume()
  }

  /** The process is gone. What it has sent still arrives. */
  kill(owner: EventOwner): void {
    for (const [port, server] of this.#servers) if (server.owner === owner) this.#servers.delete(port)
    for (const socket of this.#sockets.get(owner) ?? []) {
      socket.outgoing?.push(this.#random.chance(0.5) ? { kind: 'end' } : { kind: 'reset' })
    }
    this.#sockets.delete(owner)
  }

  holderOf(port: number): EventOwner | undefined {
    return this.#servers.get(port)?.owner
  }

  listen(server: SimulatedServer, port: number): void {
    this.#timeline.after(this.#random.between(0.01, 0.1), server.owner, () => {
      if (this.#servers.has(port)) server.emit('error', systemError('EADDRINUSE', 'listen'))
      else {
        this.#servers.set(port, server)
        server.emit('listening')
      }
    })
  }

  unlisten(server: SimulatedServer): void {
    for (const [port, other] of this.#servers) if (other === server) this.#servers.delete(port)
  }

  forget(socket: SimulatedSocket): void {
    this.#sockets.get(socket.owner)?.delete(socket)
  }

  /** At once, unless the process is stopped. */
  whenRunning(owner: EventOwner, run: () => void): void {
    this.#timeline.whenRunning(owner, run)
  }

  soon(owner: EventOwner, run: () => void): void {
    this.#timeline.after(0, owner, run)
  }

  #connect(owner: EventOwner, port: number): Socket {
    const socket = new SimulatedSocket(owner, this)
    this.#overLink(owner, nature, () => {
      if (socket.destroyed) return
      const server = this.#servers.get(port)
      if (server === undefined) {
        this.#timeline.after(0, owner, () => socket.destroy(systemError('ECONNREFUSED', 'connect')))
        return
      }
      this.#overLink(owner, server.owner, () => this.#accept(socket, server))
    })
    return socket
  }

  #accept(socket: SimulatedSocket, server: SimulatedServer): void {
    if (socket.destroyed || !socket.owner.isAlive) return
    if (!server.owner.isAlive || !server.isListening) {
      this.#timeline.after(0, socket.owner, () => socket.destroy(systemError('ECONNRESET', 'connect')))
      return
    }
    const accepted = new SimulatedSocket(server.owner, this)
    accepted.outgoing = new Wire(accepted, socket, this)
    socket.outgoing = new Wire(socket, accepted, this)
    this.#remember(socket)
    this.#remember(accepted)
    this.#timeline.after(0, server.owner, () => server.take(accepted))
    this.#overLink(server.owner, socket.owner, () => {
      this.#timeline.after(0, socket.owner, () => {
        if (!socket.destroyed) socket.emit('connect')
      })
    })
  }

  #remember(socket: SimulatedSocket): void {
    const sockets = this.#sockets.get(socket.owner) ?? new Set()
    this.#sockets.set(socket.owner, sockets)
    sockets.add(socket)
  }

  /** When something that leaves now arrives, if the link works by then. */
  delayMs(from: EventOwner, to: EventOwner): number {
    const { baseMs, extraMs } = this.#link(from, to)
    const jitter = this.#random.chance(0.02) ? this.#random.between(0, 20) : 0
    return baseMs * this.#random.between(0.8, 1.5) + extraMs * this.#random.between(0.5, 1) + jitter
  }

  /** Runs at once, or when the link works again. */
  whenWhole(from: EventOwner, to: EventOwner, run: () => void): void {
    const link = this.#link(from, to)
    if (link.isCut) link.waiting.push(run)
    else run()
  }

  at(delayMs: number, run: () => void): void {
    this.#timeline.after(delayMs, nature, run)
  }

  get nowMs(): number {
    return this.#timeline.nowMs
  }

  /** Now and then what was written at once arrives in two parts. */
  pieces(bytes: Buffer): Buffer[] {
    if (bytes.length < 2 || !this.#random.chance(0.05)) return [bytes]
    const at = 1 + this.#random.integer(bytes.length - 1)
    return [bytes.subarray(0, at), bytes.subarray(at)]
  }

  #overLink(from: EventOwner, to: EventOwner, run: () => void): void {
    this.at(this.delayMs(from, to), () => this.whenWhole(from, to, run))
  }

  #link(from: EventOwner, to: EventOwner): Link {
    const key = `${from.number}>${to.number}`
    let link = this.#links.get(key)
    if (link === undefined) {
      link = { baseMs: this.#random.between(0.02, 0.3), extraMs: 0, isCut: false, waiting: [] }
      this.#links.set(key, link)
    }
    return link
  }
}

class SimulatedServer extends EventEmitter implements Server {
  readonly owner: EventOwner
  readonly #network: SimulatedNetwork
  readonly #onConnection: (socket: Socket) => void
  readonly #open = new Set<SimulatedSocket>()
  #port = 0
  #onClosed: (() => void) | undefined

  constructor(owner: EventOwner, network: SimulatedNetwork, onConnection: (socket: Socket) => void) {
    super()
    this.owner = owner
    this.#network = network
    this.#onConnection = onConnection
  }

  get isListening(): boolean {
    return this.#onClosed === undefined
  }

  listen({ port }: { port: number }): this {
    this.#port = port
    this.#network.listen(this, port)
    return this
  }

  address() {
    return { address: '127.0.0.1', family: 'IPv4', port: this.#port }
  }

  close(callback: () => void): this {
    this.#onClosed = callback
    this.#network.unlisten(this)
    this.#closeWhenEmpty()
    return this
  }

  take(socket: SimulatedSocket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#closeWhenEmpty()
    })
    socket.pause()
    if (this.isListening) this.#onConnection(socket)
    else socket.destroy()
  }

  #closeWhenEmpty(): void {
    if (this.#onClosed !== undefined && this.#open.size === 0) this.#network.soon(this.owner, this.#onClosed)
  }
}

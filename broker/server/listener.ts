import { type Scheduler, systemClock } from '../clock.ts'
import { type Network, nodeNetwork, type Server, type Socket } from '../network/network.ts'
import { anonymousAccess } from '../security/access.ts'
import { Connection, type ConnectionLimits } from './connection.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { ListenerName } from './handler.ts'

export interface ListenerLimits extends ConnectionLimits {
  /** `max.connections`: more are closed at once. */
  readonly connectionsMax: number
  /** `connections.max.idle.ms`: a connection on which nothing moves for so long is closed; a negative one never is. */
  readonly idleMsMax: number
}

/** Node would take a longer time for one millisecond. */
const timerMsMax = 2 ** 31 - 1

/**
 * Accepts connections on one port and hands what they send to a dispatcher. The port is taken by `listen`; requests are
 * answered from `serve` on, those that came in between as well.
 */
export class Listener {
  readonly #server: Server
  readonly #name: ListenerName
  readonly #dispatcher: Dispatcher
  readonly #limits: ListenerLimits
  readonly #clock: Scheduler
  readonly #onDisconnect: (connectionId: string) => void
  readonly #onBug: (error: unknown) => void
  readonly #connections = new Map<string, Connection>()
  /** Sockets that came before `serve`; nothing is read from them until then. */
  readonly #waiting = new Set<Socket>()
  #isServing = false
  #accepted = 0

  constructor(options: {
    name: ListenerName
    dispatcher: Dispatcher
    limits: ListenerLimits
    /** Node's own by default, as is the network. */
    clock?: Scheduler
    network?: Network
    onDisconnect?: (connectionId: string) => void
    onBug: (error: unknown) => void
  }) {
    this.#name = options.name
    this.#dispatcher = options.dispatcher
    this.#limits = options.limits
    this.#onDisconnect = options.onDisconnect ?? (() => undefined)
    this.#onBug = options.onBug
    this.#clock = options.clock ?? systemClock
    const { network = nodeNetwork } = options
    this.#server = network.createServer({ pauseOnConnect: true }, (socket) => this.#accept(socket))
  }

  /** Resolves with the port once it is held; rejects with Node's error, `EADDRINUSE` among them. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        this.#server.removeAllListeners('error').removeAllListeners('listening')
        outcome()
      }
      this.#server.once('error', (error) => settle(() => reject(error)))
      this.#server.once('listening', () => settle(() => resolve(this.#port() ?? port)))
      this.#server.listen({ host, port, exclusive: true })
    })
  }

  #port(): number | undefined {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : undefined
  }

  serve(): void {
    this.#isServing = true
    for (const socket of this.#waiting) this.#connect(socket)
    this.#waiting.clear()
  }

  /** Stops accepting and ends every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#waiting) socket.destroy()
      for (const connection of this.#connections.values()) connection.end()
      // A peer that does not read its last answers must not hold up a shutdown.
      this.#clock.setTimeout(() => this.#destroyAll(), 1_000).unref()
    })
  }

  #destroyAll(): void {
    for (const connection of this.#connections.values()) connection.destroy()
  }

  #accept(socket: Socket): void {
    if (this.#connections.size + this.#waiting.size >= this.#limits.connectionsMax) {
      socket.destroy()
      return
    }
    if (this.#isServing) this.#connect(socket)
    else this.#hold(socket)
  }

  #hold(socket: Socket): void {
    this.#waiting.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#waiting.delete(socket))
  }

  #connect(socket: Socket): void {
    this.#accepted += 1
    const id = `${this.#name}-${this.#accepted}`
    const clientHost = socket.remoteAddress ?? ''
    const connection = new Connection({
      socket,
      identity: { id, clientHost, listenerName: 'PLAINTEXT', access: anonymousAccess(clientHost) },
      dispatcher: this.#dispatcher,
      limits: this.#limits,
      onBug: this.#onBug,
    })
    this.#connections.set(id, connection)
    socket.once('close', () => {
      this.#connections.delete(id)
      this.#onDisconnect(id)
    })
    socket.setTimeout(Math.min(Math.max(this.#limits.idleMsMax, 0), timerMsMax), () => connection.destroy())
    socket.resume()
  }
}

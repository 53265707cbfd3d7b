import { type Scheduler, systemClock } from '../clock.ts'
import { type Network, nodeNetwork, type Server, type Socket } from '../network/network.ts'
import { Access } from '../security/access.ts'
import { allowEverything } from '../security/authorizer.ts'
import { anonymous, type Principal } from '../security/principal.ts'
import { Connection, type ConnectionLimits } from './connection.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { ListenerName } from './handler.ts'
import type { ListenerSecurity } from './listener-security.ts'
import type { ConnectionAdmission } from './quota/connection-admission.ts'
import { SaslAuthenticator } from './sasl-authenticator.ts'
import { TlsServer } from './tls-server.ts'

export interface ListenerLimits extends ConnectionLimits {
  /** `max.connections`: more are closed at once, until an admission counts them that knows its value of the moment. */
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
  /** Every socket that is open, whether it is served yet or not. */
  readonly #sockets = new Set<Socket>()
  /** Those that came before `serve`; nothing is read from them until then. */
  readonly #waiting = new Set<Socket>()
  #admission: ConnectionAdmission | undefined
  #security: ListenerSecurity | undefined
  #tls: TlsServer | undefined
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

  /** Without `security` everyone is served as they come, without `admission` any number of them. */
  serve(security?: ListenerSecurity, admission?: ConnectionAdmission): void {
    this.#isServing = true
    this.#security = security
    this.#admission = admission
    if (security?.tls !== undefined) {
      this.#tls = new TlsServer(security.tls, (socket, principal) => this.#connect(socket, principal))
    }
    for (const socket of this.#waiting) this.#admit(socket)
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
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    if (this.#admission === undefined && this.#sockets.size >= this.#limits.connectionsMax) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#isServing) this.#admit(socket)
    else this.#hold(socket)
  }

  #admit(socket: Socket): void {
    if (this.#admission === undefined) {
      this.#begin(socket)
      return
    }
    const host = hostOf(socket)
    const admission = this.#admission.admit(host)
    if (admission.kind === 'refused') {
      socket.destroy()
      return
    }
    socket.once('close', () => this.#admission?.release(host))
    if (admission.kind === 'admitted') this.#begin(socket)
    else {
      socket.on('error', () => socket.destroy())
      this.#clock.setTimeout(() => socket.destroy(), admission.delayMs)
    }
  }

  #hold(socket: Socket): void {
    this.#waiting.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#waiting.delete(socket))
  }

  #begin(socket: Socket): void {
    if (this.#tls === undefined) {
      this.#connect(socket, anonymous)
      return
    }
    socket.on('error', () => socket.destroy())
    this.#tls.accept(socket)
  }

  #connect(socket: Socket, principal: Principal): void {
    this.#accepted += 1
    const id = `${this.#name}-${this.#accepted}`
    const security = this.#security
    const client = { principal, host: hostOf(socket) }
    const connection = new Connection({
      socket,
      identity: {
        id,
        clientHost: client.host,
        listenerName: security?.listenerName ?? 'PLAINTEXT',
        access: new Access(security?.authorizer ?? allowEverything, client),
      },
      dispatcher: this.#dispatcher,
      limits: this.#limits,
      clock: this.#clock,
      security: security?.sasl && {
        authenticator: new SaslAuthenticator(security.sasl),
        authorizer: security.authorizer,
        refusalDelayMs: security.refusalDelayMs,
      },
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

/** A listener of every address sees IPv4 clients under an IPv6 form, which ACLs and quotas do not mean. */
function hostOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)/, '')
}

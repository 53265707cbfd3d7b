import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { type LiveRequest, liveRequest } from '../../contract/live.ts'
import type { SessionUser } from '../../contract/session.ts'
import { LiveChannel } from './live-channel.ts'
import { LiveConnection } from './live-connection.ts'
import { type LiveLimits, liveLimits } from './live-limits.ts'

export interface LiveHubOptions {
  /** The documents by channel, which is the API's path below `/api/v1/`. */
  readonly documents: { find(channel: string): unknown }
  readonly findSession: (headers: Headers) => Promise<SessionUser | undefined>
  /** Whether a page of this origin may connect to this host. */
  readonly origins: (origin: string, host: string) => boolean
  readonly log: { error(details: { error: unknown }, message: string): void }
  readonly limits?: Partial<LiveLimits>
}

const closeWaitMs = 1_000

/**
 * The socket at `/live`: one connection a tab, snapshot then deltas of the channels it subscribed to. Nobody gets past the
 * upgrade without a session and a page of our own origin, and the session is looked at again while the connection lasts.
 */
export class LiveHub {
  readonly #options: LiveHubOptions
  readonly #limits: LiveLimits
  readonly #server: WebSocketServer
  readonly #epoch = randomUUID()
  readonly #channels = new Map<string, LiveChannel>()
  readonly #subscribers = new Map<LiveChannel, Set<LiveConnection>>()
  readonly #connections = new Set<LiveConnection>()
  readonly #stopping = new AbortController()
  readonly #loops: Promise<void>[]
  readonly #published = new Set<string>()
  #publishing: Promise<void> | undefined
  #channelsMade = 0

  constructor(options: LiveHubOptions) {
    this.#options = options
    this.#limits = { ...liveLimits, ...options.limits }
    this.#server = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: this.#limits.requestBytesMax,
    })
    this.#loops = [this.#heartbeats(), this.#sessionChecks()]
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Answers 403, 401 or 503 in HTTP instead of upgrading when the tab may not connect. */
  async handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const ignore = () => undefined
    socket.on('error', ignore)
    const { origin, host, cookie } = request.headers
    if (origin === undefined || host === undefined || !this.#options.origins(origin, host)) {
      refuse(socket, '403 Forbidden')
      return
    }
    const user = await this.#findUser(cookie)
    if (user === 'unknown' || this.#stopping.signal.aborted) refuse(socket, '503 Service Unavailable')
    else if (user === undefined || cookie === undefined) refuse(socket, '401 Unauthorized')
    else if (!this.#hasRoom(user)) refuse(socket, '503 Service Unavailable')
    else {
      socket.off('error', ignore)
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, user, cookie))
    }
  }

  /** Says that documents at or below this path may have changed. Sends what did, soon. */
  publish(prefix: string): void {
    this.#published.add(prefix)
    this.#publishing ??= this.#publishAll().finally(() => {
      this.#publishing = undefined
    })
  }

  /** Looks whether the sessions still are: to be called when somebody signs out, and done by itself once a minute. */
  async recheckSessions(): Promise<void> {
    const users = new Map<string, Promise<SessionUser | 'unknown' | undefined>>()
    await Promise.all(
      [...this.#connections].map(async (connection) => {
        const known = users.get(connection.cookie) ?? this.#findUser(connection.cookie)
        users.set(connection.cookie, known)
        const user = await known
        // While the database does not answer, nobody is signed out.
        if (user === 'unknown') return
        if (user === undefined || user.role !== connection.user.role) connection.closeSignedOut()
      }),
    )
  }

  /** Tells every tab to come back in a while, spread out when they are many. */
  async close(): Promise<void> {
    this.#stopping.abort()
    const spreadMs = Math.min(20_000, 500 + 10 * this.#connections.size)
    for (const connection of this.#connections) connection.leave(Math.round(Math.random() * spreadMs))
    const deadline = performance.now() + closeWaitMs
    while (this.#connections.size > 0 && performance.now() < deadline) await delay(10)
    for (const connection of this.#connections) connection.terminate()
    await Promise.all([...this.#loops, this.#publishing])
  }

  /** `unknown` when the database could not say. */
  async #findUser(cookie: string | undefined): Promise<SessionUser | 'unknown' | undefined> {
    if (cookie === undefined) return undefined
    try {
      return await this.#options.findSession(new Headers({ cookie }))
    } catch (error) {
      this.#options.log.error({ error }, 'a session could not be looked up')
      return 'unknown'
    }
  }

  #hasRoom(user: SessionUser): boolean {
    if (this.#connections.size >= this.#limits.connectionsMax) return false
    const own = [...this.#connections].filter((connection) => connection.user.id === user.id)
    return own.length < this.#limits.connectionsOfUserMax
  }

  #accept(socket: WebSocket, user: SessionUser, cookie: string): void {
    const connection = new LiveConnection({ socket, user, cookie, limits: this.#limits })
    this.#connections.add(connection)
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => this.#receive(connection, data))
    socket.on('close', () => {
      this.#connections.delete(connection)
      for (const channel of [...connection.channels]) this.#unsubscribe(connection, channel)
    })
  }

  #receive(connection: LiveConnection, data: RawData): void {
    if (this.#stopping.signal.aborted || !connection.countRequest(performance.now())) return
    const request = parseRequest(data)
    if (request === undefined) {
      connection.sendError('', 'invalid_request', 'This is not a request that the live socket knows.')
      return
    }
    if (request.t === 'sub') this.#subscribe(connection, request)
    else {
      const channel = this.#channels.get(request.channel)
      if (channel !== undefined) this.#unsubscribe(connection, channel)
    }
  }

  #subscribe(connection: LiveConnection, request: Extract<LiveRequest, { t: 'sub' }>): void {
    if (connection.channels.size >= this.#limits.channelsOfConnectionMax) {
      connection.sendError(request.channel, 'too_many_requests', 'This tab follows too many pages at once.')
      return
    }
    const channel = this.#openChannel(request.channel)
    const subscribers = this.#subscribers.get(channel) ?? new Set()
    // While others follow it, it is as it was last sent to them; else it is as old as its last subscriber.
    if (subscribers.size === 0 || !channel.hasDocument) {
      const news = this.#advance(channel)
      if (news !== undefined) for (const other of subscribers) other.sendNews(channel, news.delta)
    }
    subscribers.add(connection)
    this.#subscribers.set(channel, subscribers)
    connection.channels.add(channel)
    channel.idleSinceMs = undefined
    connection.sendState(channel, channel.resumeFrom(request))
  }

  #unsubscribe(connection: LiveConnection, channel: LiveChannel): void {
    connection.forget(channel)
    const subscribers = this.#subscribers.get(channel)
    subscribers?.delete(connection)
    if (subscribers?.size !== 0) return
    this.#subscribers.delete(channel)
    channel.idleSinceMs = performance.now()
    this.#dropIdleChannels()
  }

  #openChannel(name: string): LiveChannel {
    const known = this.#channels.get(name)
    if (known !== undefined) return known
    this.#channelsMade += 1
    // A channel that was dropped and made again begins a new epoch: its numbers begin anew.
    const channel = new LiveChannel(name, `${this.#epoch}-${this.#channelsMade}`)
    this.#channels.set(name, channel)
    return channel
  }

  #dropIdleChannels(): void {
    const idle = [...this.#channels.values()].filter((channel) => channel.idleSinceMs !== undefined)
    idle.sort((left, right) => (right.idleSinceMs ?? 0) - (left.idleSinceMs ?? 0))
    for (const [rank, channel] of idle.entries()) {
      const idleMs = performance.now() - (channel.idleSinceMs ?? 0)
      // Names come from outside: one that stands for nothing is not kept.
      const isKept = channel.hasDocument && rank < this.#limits.idleChannelsMax && idleMs < this.#limits.idleChannelMs
      if (!isKept) this.#channels.delete(channel.name)
    }
  }

  async #publishAll(): Promise<void> {
    // What is published in the same turn goes out together.
    await nextTurn()
    let sends = 0
    while (this.#published.size > 0) {
      const prefixes = [...this.#published]
      this.#published.clear()
      for (const [channel, subscribers] of [...this.#subscribers]) {
        if (!prefixes.some((prefix) => isBelow(channel.name, prefix))) continue
        const news = this.#advance(channel)
        if (news === undefined) continue
        for (const connection of [...subscribers]) {
          connection.sendNews(channel, news.delta)
          sends += 1
          if (sends % this.#limits.sendsPerTurn === 0) await nextTurn()
        }
      }
    }
  }

  #advance(channel: LiveChannel) {
    try {
      return channel.advance(this.#options.documents.find(channel.name))
    } catch (error) {
      this.#options.log.error({ error }, `the document of ${channel.name} could not be made`)
      return undefined
    }
  }

  async #heartbeats(): Promise<void> {
    while (await this.#isRunningAfter(this.#limits.heartbeatMs)) {
      for (const connection of this.#connections) connection.beat()
    }
  }

  async #sessionChecks(): Promise<void> {
    while (await this.#isRunningAfter(this.#limits.sessionCheckMs)) await this.recheckSessions()
  }

  async #isRunningAfter(ms: number): Promise<boolean> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    return !this.#stopping.signal.aborted
  }
}

function isBelow(channel: string, prefix: string): boolean {
  return channel === prefix || channel.startsWith(`${prefix}/`)
}

function parseRequest(data: RawData): LiveRequest | undefined {
  try {
    return liveRequest.parse(JSON.parse(data.toString()))
  } catch {
    return undefined
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

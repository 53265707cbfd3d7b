import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Log } from '../log.ts'

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Something that must be there before the console is ready, by the name that is told. */
export interface DoorPart {
  readonly name: string
  isThere(): boolean
}

/** The address asked for cannot be listened on; the message is one sentence. */
export class ListenError extends Error {}

const drainMsMax = 3_000
const headersTimeoutMs = 15_000
const requestTimeoutMs = 60_000
const connectionsMax = 4_000

/**
 * The one HTTP server. It listens before anything else is there and says what is missing; the API answers before the
 * pages are asked, so that no request to it passes through Next.
 */
export class HttpDoor {
  readonly #server = http.createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs })
  readonly #log: Log
  readonly #parts: readonly DoorPart[]
  #api: RequestListener | undefined
  #pages: RequestListener | undefined
  #live: UpgradeListener | undefined
  #pagesUpgrade: UpgradeListener | undefined

  /** `parts` are what `/readyz` waits for. */
  constructor(log: Log, parts: readonly DoorPart[]) {
    this.#log = log
    this.#parts = parts
    this.#server.maxConnections = connectionsMax
    this.#server.on('request', (request, response) => this.#answer(request, response))
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#server.on('clientError', (_error, socket) => socket.destroy())
  }

  openApi(listener: RequestListener): void {
    this.#api = listener
  }

  openLive(listener: UpgradeListener): void {
    this.#live = listener
  }

  /** `upgrade` serves the sockets of the pages themselves, which only exist in development. */
  openPages(listener: RequestListener, upgrade?: UpgradeListener): void {
    this.#pages = listener
    this.#pagesUpgrade = upgrade
  }

  /** Answers the port. Throws `ListenError`. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) => reject(new ListenError(sentenceOf(error, host, port)))
      this.#server.once('error', onError)
      this.#server.listen(port, host, () => {
        this.#server.off('error', onError)
        this.#server.on('error', (error) => this.#log.error({ error }, 'the HTTP server failed'))
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Takes no more connections, lets requests under way end, then closes what is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    const timer = setTimeout(() => this.#server.closeAllConnections(), drainMsMax)
    await closed
    clearTimeout(timer)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request)
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('x-frame-options', 'DENY')
    response.setHeader('referrer-policy', 'same-origin')
    if (path === '/healthz') sendText(response, 200, 'alive\n')
    else if (path === '/readyz') this.#answerReady(response)
    else this.#pass(path.startsWith('/api/') ? this.#api : this.#pages, request, response)
  }

  #pass(listener: RequestListener | undefined, request: IncomingMessage, response: ServerResponse): void {
    if (listener === undefined) sendText(response, 503, 'Eyrie is starting.\n')
    else listener(request, response)
  }

  #answerReady(response: ServerResponse): void {
    const missing = this.#parts.filter(({ isThere }) => !isThere()).map(({ name }) => name)
    if (missing.length === 0) sendText(response, 200, 'ready\n')
    else sendText(response, 503, `waiting for: ${missing.join(', ')}\n`)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const listener = pathOf(request) === '/live' ? this.#live : this.#pagesUpgrade
    if (listener === undefined) socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
    else listener(request, socket, head)
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text)
}

function sentenceOf(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use by another program: free it or set PORT to another.`
    case 'EACCES':
      return `Port ${port} on ${host} may not be opened by this user: set PORT to one above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: set HOST to one that is.`
    default:
      return `Port ${port} on ${host} cannot be opened: ${error.message}.`
  }
}

import { type Scheduler, systemClock, type Timeout } from '../clock.ts'
import { decode, encode } from '../protocol/codec.ts'
import { decodeResponseHeader, encodeRequestHeader, responseHeaderVersion } from '../protocol/headers.ts'
import { Reader } from '../protocol/reader.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../protocol/schema.ts'
import { Writer } from '../protocol/writer.ts'
import { FrameReader } from './frame-reader.ts'
import { type Network, nodeNetwork, type Socket } from './network.ts'

/** Responses of our own brokers are bounded by what we ask for; this only stops a peer that is none. */
const responseBytesMax = 256 * 1024 * 1024

const connectTimeoutMs = 2_000

/** The peer is gone, did not answer in time, or is no Kafka broker. Whoever owns the connection opens another. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

interface Pending {
  readonly correlationId: number
  readonly read: (frame: Buffer) => void
  readonly fail: (error: Error) => void
  readonly timeout: Timeout
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  readonly signal?: AbortSignal
  /** Node's own by default, as is the network. */
  readonly clock?: Scheduler
  readonly network?: Network
}

/**
 * A connection to another broker's port. Requests may be sent without waiting for earlier answers, which come in order.
 * Once lost it stays lost: every request rejects with ConnectionLost.
 */
export class BrokerConnection {
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<void>
  readonly #socket: Socket
  readonly #clock: Scheduler
  readonly #clientId: string
  readonly #pending: Pending[] = []
  readonly #frames = new FrameReader(responseBytesMax)
  readonly #onFrame = (frame: Buffer) => {
    this.#answer(frame)
    return true
  }
  #correlationId = 0

  private constructor(socket: Socket, clientId: string, clock: Scheduler) {
    this.#socket = socket
    this.#clock = clock
    this.#clientId = clientId
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', () => socket.destroy())
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#failAll()
        resolve()
      })
    })
  }

  /** Rejects with ConnectionLost. */
  static async connect(options: ConnectOptions): Promise<BrokerConnection> {
    const connection = await BrokerConnection.#open(options)
    try {
      await options.network?.authenticate?.(connection, options.port)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }

  static #open(options: ConnectOptions): Promise<BrokerConnection> {
    const { host, port, clientId, signal, clock = systemClock, network = nodeNetwork } = options
    return new Promise((resolve, reject) => {
      const socket = network.connect({ host, port })
      // Not connect's own `signal`: in Node 20 a closed socket goes on listening to it.
      const onAbort = () => socket.destroy(new Error('aborted'))
      if (signal?.aborted) onAbort()
      signal?.addEventListener('abort', onAbort, { once: true })
      socket.once('close', () => signal?.removeEventListener('abort', onAbort))
      const timeout = clock.setTimeout(() => socket.destroy(new Error('timed out')), connectTimeoutMs)
      socket.once('error', (cause) => {
        timeout.close()
        reject(new ConnectionLost(`No connection to ${host}:${port}`, { cause }))
      })
      socket.once(network.readyEvent ?? 'connect', () => {
        timeout.close()
        socket.removeAllListeners('error')
        resolve(new BrokerConnection(socket, clientId, clock))
      })
    })
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  /** Rejects with ConnectionLost when no answer comes within `timeoutMs`: later answers could not be told apart. */
  send<A extends Api>(
    api: A,
    version: number,
    request: RequestBodyOf<A>,
    options: { timeoutMs: number },
  ): Promise<ResponseOf<A>> {
    if (this.#socket.destroyed) return Promise.reject(new ConnectionLost('Connection closed'))
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff
    const correlationId = this.#correlationId
    this.#write(encodeRequest(api, version, request, correlationId, this.#clientId))
    return new Promise((resolve, reject) => {
      const timeout = this.#clock.setTimeout(() => this.#socket.destroy(), options.timeoutMs)
      const headerVersion = responseHeaderVersion(api.key, version)
      const read = (frame: Buffer) => {
        const reader = new Reader(frame)
        const answered = decodeResponseHeader(headerVersion, reader)
        if (answered !== correlationId) throw new ConnectionLost(`Answer ${answered} where ${correlationId} was due`)
        resolve(decode<A['response']>(api.response, version, reader))
      }
      this.#pending.push({ correlationId, read, fail: reject, timeout })
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #write(buffers: readonly Buffer[]): void {
    this.#socket.cork()
    for (const buffer of buffers) this.#socket.write(buffer)
    this.#socket.uncork()
  }

  #receive(chunk: Buffer): void {
    try {
      this.#frames.push(chunk, this.#onFrame)
    } catch (error) {
      this.#socket.destroy(error instanceof Error ? error : undefined)
    }
  }

  #answer(frame: Buffer): void {
    const pending = this.#pending.shift()
    if (pending === undefined) throw new ConnectionLost('Answer to no request')
    pending.timeout.close()
    try {
      pending.read(frame)
    } catch (cause) {
      pending.fail(new ConnectionLost('Answer that is not what the protocol says', { cause }))
      throw cause
    }
  }

  #failAll(): void {
    for (const pending of this.#pending.splice(0)) {
      pending.timeout.close()
      pending.fail(new ConnectionLost('Connection closed'))
    }
  }
}

function encodeRequest<A extends Api>(
  api: A,
  version: number,
  request: RequestBodyOf<A>,
  correlationId: number,
  clientId: string,
): Buffer[] {
  const writer = new Writer()
  writer.beginFrame()
  encodeRequestHeader({ apiKey: api.key, apiVersion: version, correlationId, clientId }, writer)
  encode(api.request, version, request, writer)
  writer.endFrame()
  return writer.toBuffers()
}

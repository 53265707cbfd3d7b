import { apiVersionsV3, Connection, TimeoutError } from '@platformatic/kafka'
import { KafkaTransportError } from './kafka-error.ts'
import type { Operation } from './operation.ts'

export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

export interface ConnectionOptions {
  readonly clientId: string
  readonly connectTimeoutMs: number
  readonly requestTimeoutMs: number
}

interface OpenConnection {
  readonly connection: Connection
  readonly versions: ReadonlyMap<number, { minVersion: number; maxVersion: number }>
}

const requestsInFlightMax = 5
const backOffFirstMs = 250
const backOffMsMax = 10_000

/**
 * One broker: connects when first used, negotiates versions, obeys throttling. After a failure it refuses at once until
 * its back-off has passed, so that a broker that hangs costs a round one timeout and not one a request.
 */
export class BrokerConnection {
  readonly address: BrokerAddress
  readonly #options: ConnectionOptions
  #opening: Promise<OpenConnection> | undefined
  #current: Connection | undefined
  #failure: { error: KafkaTransportError; untilMs: number; times: number } | undefined
  #throttledUntilMs = 0
  #requests = 0
  #closedBytesIn = 0
  #closedBytesOut = 0
  #isClosed = false

  constructor(address: BrokerAddress, options: ConnectionOptions) {
    this.address = address
    this.#options = options
  }

  get cost(): { requests: number; bytesIn: number; bytesOut: number } {
    const socket = this.#current?.socket
    return {
      requests: this.#requests,
      bytesIn: this.#closedBytesIn + (socket?.bytesRead ?? 0),
      bytesOut: this.#closedBytesOut + (socket?.bytesWritten ?? 0),
    }
  }

  get isBackingOff(): boolean {
    return this.#failure !== undefined && Date.now() < this.#failure.untilMs
  }

  async send<Request, Response extends { throttleTimeMs: number }>(
    operation: Operation<Request, Response>,
    request: Request,
  ): Promise<Response> {
    if (this.#isClosed) throw new KafkaTransportError('unreachable', `${this.#name} is closed.`)
    if (this.#failure !== undefined && Date.now() < this.#failure.untilMs) throw this.#failure.error
    await this.#waitForThrottle()
    try {
      const { connection, versions } = await this.#open()
      const version = negotiate(operation, versions, this.#name)
      this.#requests++
      const response = await operation.send(connection, version, request)
      if (response.throttleTimeMs > 0) this.#throttledUntilMs = Date.now() + response.throttleTimeMs
      this.#failure = undefined
      return response
    } catch (error) {
      if (error instanceof KafkaTransportError && error.code === 'unsupported') throw error
      throw this.#fail(error)
    }
  }

  close(): void {
    this.#isClosed = true
    this.#drop()
  }

  get #name(): string {
    return `Broker ${this.address.host}:${this.address.port}`
  }

  #open(): Promise<OpenConnection> {
    this.#opening ??= this.#connect()
    return this.#opening
  }

  async #connect(): Promise<OpenConnection> {
    const connection = new Connection(this.#options.clientId, {
      connectTimeout: this.#options.connectTimeoutMs,
      requestTimeout: this.#options.requestTimeoutMs,
      maxInflights: requestsInFlightMax,
    })
    this.#current = connection
    // Failures reach us through the requests they fail; an `error` event without a listener would end the process.
    connection.on('error', () => undefined)
    connection.on('close', () => {
      if (this.#current === connection) this.#drop()
    })
    await connection.connect(this.address.host, this.address.port)
    this.#requests++
    const { apiKeys } = await apiVersionsV3.api.async(connection, 'eyrie', '1')
    return { connection, versions: new Map(apiKeys.map((range) => [range.apiKey, range])) }
  }

  async #waitForThrottle(): Promise<void> {
    const waitMs = this.#throttledUntilMs - Date.now()
    if (waitMs <= 0) return
    if (waitMs > this.#options.requestTimeoutMs) {
      throw new KafkaTransportError('timedOut', `${this.#name} asked us to wait ${waitMs} ms before the next request.`)
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }

  /** A connection that failed once is not reused: after a timeout its answers no longer match our requests. */
  #fail(cause: unknown): KafkaTransportError {
    const isTimeout = cause instanceof TimeoutError
    const reason = isTimeout
      ? `did not answer within ${this.#options.requestTimeoutMs} ms`
      : cause instanceof RangeError
        ? 'sent an answer that we cannot read'
        : 'cannot be reached'
    const code = isTimeout ? 'timedOut' : 'unreachable'
    const error = new KafkaTransportError(code, `${this.#name} ${reason}.`, { cause })
    this.#drop()
    const times = this.#failure === undefined ? 1 : this.#failure.times + (this.isBackingOff ? 0 : 1)
    const backOffMs = Math.min(backOffMsMax, (isTimeout ? 4 : 1) * backOffFirstMs * 2 ** (times - 1))
    this.#failure = { error, times, untilMs: Date.now() + backOffMs }
    return error
  }

  #drop(): void {
    const connection = this.#current
    this.#current = undefined
    this.#opening = undefined
    if (connection?.socket === undefined) return
    this.#closedBytesIn += connection.socket.bytesRead
    this.#closedBytesOut += connection.socket.bytesWritten
    connection.socket.destroy()
  }
}

function negotiate(
  operation: { api: number; name: string; minVersion: number; maxVersion: number },
  versions: OpenConnection['versions'],
  broker: string,
): number {
  const range = versions.get(operation.api)
  const version = range === undefined ? -1 : Math.min(range.maxVersion, operation.maxVersion)
  if (range === undefined || version < operation.minVersion || version < range.minVersion) {
    throw new KafkaTransportError('unsupported', `${broker} does not offer ${operation.name} in a version we speak.`)
  }
  return version
}

import { type Scheduler, sleep } from '../clock.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../protocol/schema.ts'
import { BrokerConnection, ConnectionLost } from './connection.ts'
import type { Network } from './network.ts'

/** A new controller is up within 10-50 ms of the old one's end: look often at first. */
const firstBackoffMs = 5
const backoffMsMax = 200

export interface ControllerAddress {
  readonly host: string
  readonly port: number
}

/** A connection to whoever holds the controller port, opened again when it is lost. */
export class ControllerLink {
  readonly #address: ControllerAddress
  readonly #clientId: string
  readonly #clock: Scheduler
  readonly #network: Network
  readonly #closing = new AbortController()
  #connection: BrokerConnection | undefined
  #connecting: Promise<BrokerConnection> | undefined

  constructor(options: { address: ControllerAddress; clientId: string; clock: Scheduler; network: Network }) {
    this.#address = options.address
    this.#clientId = options.clientId
    this.#clock = options.clock
    this.#network = options.network
  }

  close(): void {
    this.#closing.abort()
    this.#connection?.close()
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  /** The open connection; waits for one as long as it takes. Rejects with ConnectionLost when the link is closed. */
  async connect(): Promise<BrokerConnection> {
    if (this.#connection?.isOpen) return this.#connection
    this.#connecting ??= this.#connectAgain().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connectAgain(): Promise<BrokerConnection> {
    const { signal } = this.#closing
    for (let backoffMs = firstBackoffMs; !signal.aborted; backoffMs = Math.min(backoffMs * 2, backoffMsMax)) {
      try {
        this.#connection = await BrokerConnection.connect({
          ...this.#address,
          clientId: this.#clientId,
          signal,
          clock: this.#clock,
          network: this.#network,
        })
        return this.#connection
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
        await sleep(this.#clock, backoffMs, signal)
      }
    }
    throw new ConnectionLost('Closed')
  }

  /** Sends until there is an answer: a controller that is lost before it answered has a successor that will. */
  async send<A extends Api>(
    api: A,
    version: number,
    request: RequestBodyOf<A>,
    options: { timeoutMs: number },
  ): Promise<ResponseOf<A>> {
    const deadlineMs = this.#clock.monotonicMs() + options.timeoutMs
    for (;;) {
      const timeoutMs = deadlineMs - this.#clock.monotonicMs()
      if (timeoutMs <= 0) throw new ConnectionLost('No controller answered in time')
      const connection = await this.#within(this.connect(), timeoutMs)
      try {
        return await connection.send(api, version, request, { timeoutMs })
      } catch (error) {
        if (!(error instanceof ConnectionLost) || this.isClosed) throw error
      }
    }
  }

  async #within<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value> {
    const done = new AbortController()
    const timeout = sleep(this.#clock, timeoutMs, done.signal).then(() => {
      if (done.signal.aborted) return promise
      throw new ConnectionLost('No controller in time')
    })
    return Promise.race([promise, timeout]).finally(() => done.abort())
  }
}

import type { Scheduler } from '../clock.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { BrokerConnection, ConnectionLost } from './connection.ts'
import type { Network } from './network.ts'

/** One connection to each broker of the cluster that something is to be said to, opened when it is needed. */
export class PeerConnections {
  readonly #metadata: MetadataCache
  readonly #clientId: string
  readonly #clock: Scheduler
  readonly #network: Network
  readonly #closing = new AbortController()
  readonly #connections = new Map<number, Promise<BrokerConnection>>()

  constructor(options: { metadata: MetadataCache; clientId: string; clock: Scheduler; network: Network }) {
    this.#metadata = options.metadata
    this.#clientId = options.clientId
    this.#clock = options.clock
    this.#network = options.network
  }

  /** Rejects with ConnectionLost when the broker is not there. */
  async connect(brokerId: number): Promise<BrokerConnection> {
    const known = this.#connections.get(brokerId)
    const connection = await known?.catch(() => undefined)
    if (connection?.isOpen) return connection
    // Of those who find a connection closed at the same time the first opens another.
    const newer = this.#connections.get(brokerId)
    return newer === undefined || newer === known ? this.#reconnect(brokerId) : newer
  }

  close(): void {
    this.#closing.abort()
    for (const connection of this.#connections.values()) {
      connection.then(
        (open) => open.close(),
        () => undefined,
      )
    }
    this.#connections.clear()
  }

  #reconnect(brokerId: number): Promise<BrokerConnection> {
    const connecting = this.#open(brokerId)
    this.#connections.set(brokerId, connecting)
    connecting.catch(() => {
      if (this.#connections.get(brokerId) === connecting) this.#connections.delete(brokerId)
    })
    return connecting
  }

  async #open(brokerId: number): Promise<BrokerConnection> {
    const broker = this.#metadata.image.brokers.get(brokerId)
    const { signal } = this.#closing
    if (broker === undefined || broker.isFenced || signal.aborted) throw new ConnectionLost(`No broker ${brokerId}`)
    return BrokerConnection.connect({
      host: broker.host,
      port: broker.port,
      clientId: this.#clientId,
      signal,
      clock: this.#clock,
      network: this.#network,
    })
  }
}

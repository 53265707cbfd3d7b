import { type BrokerAddress, BrokerConnection, type ConnectionOptions } from './broker-connection.ts'
import { KafkaTransportError } from './kafka-error.ts'
import type { Operation } from './operation.ts'
import { parseBootstrap } from './parse-bootstrap.ts'

export interface ClusterConnectionOptions extends ConnectionOptions {
  /** `host:port,host:port`: where to ask first, and again when no known broker answers. */
  readonly bootstrap: string
}

/**
 * The way to one cluster: a connection a broker, opened when needed. Collecting and admin verbs each have their own, so
 * that a slow round never delays a person.
 */
export class ClusterConnection {
  readonly #options: ClusterConnectionOptions
  readonly #bootstrap: BrokerConnection[]
  readonly #brokers = new Map<number, BrokerConnection>()
  #nextAny = 0
  #retiredCost = { requests: 0, bytesIn: 0, bytesOut: 0 }

  constructor(options: ClusterConnectionOptions) {
    this.#options = options
    this.#bootstrap = parseBootstrap(options.bootstrap).map((address) => new BrokerConnection(address, options))
  }

  /** Requests and bytes since the start, over all connections, closed ones too. */
  get cost(): { requests: number; bytesIn: number; bytesOut: number } {
    const sum = { ...this.#retiredCost }
    for (const broker of this.#all()) addCost(sum, broker.cost)
    return sum
  }

  get brokerIds(): number[] {
    return [...this.#brokers.keys()]
  }

  /** Tells which brokers there are, as the cluster's metadata has it. Connections to others are closed. */
  updateBrokers(addresses: Iterable<{ id: number } & BrokerAddress>): void {
    const seen = new Set<number>()
    for (const { id, host, port } of addresses) {
      seen.add(id)
      const known = this.#brokers.get(id)
      if (known?.address.host === host && known.address.port === port) continue
      this.#retire(id)
      this.#brokers.set(id, new BrokerConnection({ host, port }, this.#options))
    }
    for (const id of this.#brokers.keys()) if (!seen.has(id)) this.#retire(id)
  }

  sendTo<Request, Response extends { throttleTimeMs: number }>(
    brokerId: number,
    operation: Operation<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const broker = this.#brokers.get(brokerId)
    if (broker === undefined) {
      return Promise.reject(new KafkaTransportError('unreachable', `Broker ${brokerId} is not in the cluster.`))
    }
    return broker.send(operation, request)
  }

  /** Sends to the first broker that answers: known ones in turn, then the bootstrap list. */
  async sendToAny<Request, Response extends { throttleTimeMs: number }>(
    operation: Operation<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const known = [...this.#brokers.values()]
    const first = known.length === 0 ? 0 : this.#nextAny++ % known.length
    const candidates = [...known.slice(first), ...known.slice(0, first), ...this.#bootstrap]
    let failure = new KafkaTransportError('unreachable', 'The bootstrap list names no broker.')
    for (const broker of candidates) {
      try {
        return await broker.send(operation, request)
      } catch (error) {
        if (!(error instanceof KafkaTransportError)) throw error
        failure = error
      }
    }
    throw failure
  }

  close(): void {
    for (const broker of this.#all()) broker.close()
  }

  *#all(): Iterable<BrokerConnection> {
    yield* this.#bootstrap
    yield* this.#brokers.values()
  }

  #retire(id: number): void {
    const broker = this.#brokers.get(id)
    if (broker === undefined) return
    addCost(this.#retiredCost, broker.cost)
    broker.close()
    this.#brokers.delete(id)
  }
}

type Cost = { requests: number; bytesIn: number; bytesOut: number }

function addCost(sum: Cost, cost: Cost): void {
  sum.requests += cost.requests
  sum.bytesIn += cost.bytesIn
  sum.bytesOut += cost.bytesOut
}

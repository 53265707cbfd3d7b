import type { MetadataCache } from '../metadata/cache.ts'
import { ConnectionLost } from '../network/connection.ts'
import type { PeerConnections } from '../network/peer-connections.ts'
import { errorCodes } from '../protocol/errors.ts'
import { type WriteTxnMarkersResponse, writeTxnMarkers } from '../protocol/messages/27-write-txn-markers.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { type MarkersOwner, TransactionMarkers } from './transaction-markers.ts'
import type { TransactionState } from './transaction-state.ts'

/** New leaders are known within some tens of milliseconds, and until then a transaction's readers wait. */
const retryMs = 50
const answerTimeoutMs = 30_000
/** A request stays well below what a broker takes; what is left goes with the next. */
const markersMax = 500

/** Markers for partitions of one leader. */
interface Parcel {
  readonly markers: TransactionMarkers
  readonly topics: Map<string, number[]>
}

/**
 * Tells the leaders of a transaction's partitions how it ended, for as long as it takes: brokers come back, and partitions
 * find new leaders. One request to each broker is under way; what arrives meanwhile shares the next.
 */
export class MarkerSender {
  readonly #metadata: MetadataCache
  readonly #peers: PeerConnections
  readonly #timers: TimerWheel
  readonly #onFailure: (error: unknown) => void
  readonly #queues = new Map<number, Parcel[]>()
  readonly #sending = new Set<number>()
  #isClosed = false

  constructor(options: {
    metadata: MetadataCache
    peers: PeerConnections
    timers: TimerWheel
    onFailure: (error: unknown) => void
  }) {
    this.#metadata = options.metadata
    this.#peers = options.peers
    this.#timers = options.timers
    this.#onFailure = options.onFailure
  }

  close(): void {
    this.#isClosed = true
    this.#queues.clear()
  }

  /** `state` is prepared. `onDone` may run inside this call, when there is no partition to be told. */
  send(state: TransactionState, owner: MarkersOwner): void {
    this.#dispatch(new TransactionMarkers(state, owner))
  }

  /** To the leaders of what lacks its marker, or of those partitions of it. */
  #dispatch(markers: TransactionMarkers, partitions: Iterable<readonly [string, number]> = markers): void {
    if (this.#isClosed || !markers.isWanted) return
    const parcels = new Map<number, Parcel>()
    const leaderless: [string, number][] = []
    for (const [topic, partition] of [...partitions]) {
      const leader = this.#findLeader(topic, partition)
      if (leader === 'deleted') markers.settle(topic, partition)
      else if (leader === undefined) leaderless.push([topic, partition])
      else addTo(parcels, leader, markers, topic, partition)
    }
    if (leaderless.length > 0) this.#retry(markers, leaderless)
    for (const [leader, parcel] of parcels) this.#enqueue(leader, parcel)
    markers.finishIfSettled()
  }

  #findLeader(topic: string, partition: number): number | 'deleted' | undefined {
    const { image } = this.#metadata
    const leader = image.topics.get(topic)?.partitions[partition]?.leader
    if (leader === undefined) return 'deleted'
    return image.isUnfenced(leader) ? leader : undefined
  }

  #retry(markers: TransactionMarkers, partitions: readonly (readonly [string, number])[]): void {
    this.#timers.schedule(retryMs, () => this.#dispatch(markers, partitions))
  }

  #enqueue(leader: number, parcel: Parcel): void {
    const queue = this.#queues.get(leader)
    if (queue === undefined) this.#queues.set(leader, [parcel])
    else queue.push(parcel)
    if (this.#sending.has(leader)) return
    this.#sending.add(leader)
    this.#drain(leader).catch(this.#onFailure)
  }

  async #drain(leader: number): Promise<void> {
    // Transactions that end in the same turn of the event loop share a request from the first on.
    await Promise.resolve()
    try {
      for (;;) {
        const parcels = this.#take(leader)
        if (parcels.length === 0) return
        await this.#deliver(leader, parcels)
      }
    } finally {
      // At once: what is queued between the last look and this would wait for the next transaction.
      this.#sending.delete(leader)
    }
  }

  async #deliver(leader: number, parcels: readonly Parcel[]): Promise<void> {
    try {
      this.#settle(parcels, await this.#request(leader, parcels))
    } catch (error) {
      for (const { markers, topics } of parcels) this.#retry(markers, pairs(topics))
      if (!(error instanceof ConnectionLost)) throw error
    }
  }

  #take(leader: number): Parcel[] {
    const queue = this.#queues.get(leader) ?? []
    const parcels = queue.splice(0, markersMax).filter(({ markers }) => markers.isWanted)
    return parcels.length === 0 && queue.length > 0 ? this.#take(leader) : parcels
  }

  async #request(leader: number, parcels: readonly Parcel[]): Promise<WriteTxnMarkersResponse> {
    const connection = await this.#peers.connect(leader)
    const markers = parcels.map(({ markers: { state, owner, isCommit, transactionVersion }, topics }) => ({
      producerId: state.producerId,
      producerEpoch: state.producerEpoch,
      transactionResult: isCommit,
      topics: [...topics].map(([name, partitionIndexes]) => ({ name, partitionIndexes })),
      coordinatorEpoch: owner.coordinatorEpoch(),
      transactionVersion,
    }))
    const request = { markers }
    return connection.send(writeTxnMarkers, writeTxnMarkers.versions.max, request, { timeoutMs: answerTimeoutMs })
  }

  #settle(parcels: readonly Parcel[], response: WriteTxnMarkersResponse): void {
    const codes = new Map<string, number>()
    for (const { producerId, topics } of response.markers) {
      for (const { name, partitions } of topics) {
        for (const { partitionIndex, errorCode } of partitions) {
          codes.set(`${producerId} ${partitionIndex} ${name}`, errorCode)
        }
      }
    }
    for (const { markers, topics } of parcels) {
      const failed = pairs(topics).filter(([topic, partition]) => {
        const errorCode = codes.get(`${markers.state.producerId} ${partition} ${topic}`)
        if (errorCode === undefined || !isSettledBy(errorCode)) return true
        markers.settle(topic, partition)
        return false
      })
      if (failed.length > 0) this.#retry(markers, failed)
      markers.finishIfSettled()
    }
  }
}

/**
 * The partition has the marker, or a later epoch of the producer, which is only given when this transaction is complete. A
 * coordinator that is fenced asks again until it hears that it is none any more.
 */
function isSettledBy(errorCode: number): boolean {
  return errorCode === errorCodes.NONE || errorCode === errorCodes.INVALID_PRODUCER_EPOCH
}

function addTo(
  parcels: Map<number, Parcel>,
  leader: number,
  markers: TransactionMarkers,
  topic: string,
  partition: number,
): void {
  const parcel = parcels.get(leader) ?? { markers, topics: new Map<string, number[]>() }
  parcels.set(leader, parcel)
  const partitions = parcel.topics.get(topic)
  if (partitions === undefined) parcel.topics.set(topic, [partition])
  else partitions.push(partition)
}

function pairs(topics: ReadonlyMap<string, readonly number[]>): (readonly [string, number])[] {
  return [...topics].flatMap(([topic, partitions]) => partitions.map((partition) => [topic, partition] as const))
}

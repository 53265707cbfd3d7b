import type { Scheduler } from '../clock.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import { errorCodes, errorName } from '../protocol/errors.ts'
import { type FetchResponse, fetch } from '../protocol/messages/01-fetch.ts'
import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'
import { ConnectionLost } from './connection.ts'
import { type ControllerAddress, ControllerLink } from './controller-link.ts'
import { type Network, nodeNetwork } from './network.ts'

/** The last version that names topics; the metadata log's id is the same in every cluster anyway. */
const fetchVersion = 12
const maxWaitMs = 500
const fetchBytesMax = 8 * 1024 * 1024
const answerTimeoutMs = 5_000

/** Reads the metadata log from whoever is the controller, and applies it as it comes. */
export class MetadataFollower {
  readonly #nodeId: number
  readonly #metadata: MetadataCache
  readonly #link: ControllerLink
  readonly #onLost: () => void
  readonly #onFailure: (error: unknown) => void
  #following: Promise<void> = Promise.resolve()

  constructor(options: {
    nodeId: number
    controller: ControllerAddress
    metadata: MetadataCache
    clock: Scheduler
    /** Node's own by default. */
    network?: Network
    /** The controller went away: the port may be free. */
    onLost: () => void
    /** The log holds what this broker cannot apply: it must not go on. */
    onFailure: (error: unknown) => void
  }) {
    this.#nodeId = options.nodeId
    this.#metadata = options.metadata
    this.#onLost = options.onLost
    this.#onFailure = options.onFailure
    const clientId = `broker-${options.nodeId}-metadata`
    const { controller: address, clock, network = nodeNetwork } = options
    this.#link = new ControllerLink({ address, clientId, clock, network })
  }

  start(): void {
    this.#following = this.#follow().catch(this.#onFailure)
  }

  async close(): Promise<void> {
    this.#link.close()
    await this.#following
  }

  async #follow(): Promise<void> {
    while (!this.#link.isClosed) {
      try {
        this.#apply(await this.#fetch())
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
        this.#onLost()
      }
    }
  }

  async #fetch(): Promise<FetchResponse> {
    const connection = await this.#link.connect()
    const partition = { partition: 0, fetchOffset: this.#metadata.offset, partitionMaxBytes: fetchBytesMax }
    const request = {
      replicaId: this.#nodeId,
      maxWaitMs,
      minBytes: 1,
      maxBytes: fetchBytesMax,
      topics: [{ topic: clusterMetadataTopicName, partitions: [partition] }],
      forgottenTopicsData: [],
    }
    return connection.send(fetch, fetchVersion, request, { timeoutMs: answerTimeoutMs })
  }

  #apply(response: FetchResponse): void {
    const partition = response.responses[0]?.partitions[0]
    const errorCode = partition?.errorCode ?? response.errorCode
    // Answered while a controller opens or closes: there will be another.
    if (errorCode === errorCodes.NOT_CONTROLLER) throw new ConnectionLost('No controller there')
    if (errorCode !== errorCodes.NONE) throw new Error(`The controller refused the metadata: ${errorName(errorCode)}`)
    if (partition?.records == null) return
    for (const batch of batchesIn(partition.records)) {
      if (batch.isControl) {
        this.#metadata.applyLeaderChange(partition.currentLeader.leaderId, batch.partitionLeaderEpoch, batch.nextOffset)
        continue
      }
      const values = decodeRecords(batch).flatMap(({ value }) => (value === null ? [] : [value]))
      this.#metadata.apply(values, batch.nextOffset)
    }
  }
}

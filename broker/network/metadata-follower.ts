import type { Scheduler } from '../clock.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { decodeSnapshot, type SnapshotId } from '../metadata/snapshot.ts'
import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import { errorCodes, errorName } from '../protocol/errors.ts'
import { type FetchResponse, fetch } from '../protocol/messages/01-fetch.ts'
import { fetchSnapshot } from '../protocol/messages/59-fetch-snapshot.ts'
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
        const snapshotId = this.#apply(await this.#fetch())
        if (snapshotId !== undefined) await this.#catchUp(snapshotId)
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

  /** Applies a snapshot, from which on there is a log to follow. One that is replaced meanwhile is asked for again. */
  async #catchUp(snapshotId: SnapshotId): Promise<void> {
    const connection = await this.#link.connect()
    const parts: Buffer[] = []
    for (let position = 0; ; ) {
      const request = {
        replicaId: this.#nodeId,
        maxBytes: fetchBytesMax,
        topics: [
          {
            name: clusterMetadataTopicName,
            partitions: [{ partition: 0, currentLeaderEpoch: -1, snapshotId, position }],
          },
        ],
      }
      const response = await connection.send(fetchSnapshot, fetchSnapshot.versions.max, request, {
        timeoutMs: answerTimeoutMs,
      })
      const part = response.topics[0]?.partitions[0]
      const errorCode = part?.errorCode ?? response.errorCode
      if (errorCode === errorCodes.SNAPSHOT_NOT_FOUND) return
      if (part === undefined || errorCode !== errorCodes.NONE || part.unalignedRecords.length === 0) {
        throw new Error(`The controller refused a snapshot of the metadata: ${errorName(errorCode)}`)
      }
      parts.push(part.unalignedRecords)
      position += part.unalignedRecords.length
      if (position >= part.size) break
    }
    this.#metadata.applySnapshot(decodeSnapshot(Buffer.concat(parts)), snapshotId.endOffset)
  }

  /** @returns the snapshot to begin with where the log begins later than what this broker knows. */
  #apply(response: FetchResponse): SnapshotId | undefined {
    const partition = response.responses[0]?.partitions[0]
    const errorCode = partition?.errorCode ?? response.errorCode
    // Answered while a controller opens or closes: there will be another.
    if (errorCode === errorCodes.NOT_CONTROLLER) throw new ConnectionLost('No controller there')
    if (errorCode !== errorCodes.NONE) throw new Error(`The controller refused the metadata: ${errorName(errorCode)}`)
    if (partition === undefined) return undefined
    if (partition.snapshotId.endOffset >= 0) return partition.snapshotId
    if (partition.records === null) return undefined
    for (const batch of batchesIn(partition.records)) {
      if (batch.isControl) {
        this.#metadata.applyLeaderChange(partition.currentLeader.leaderId, batch.partitionLeaderEpoch, batch.nextOffset)
        continue
      }
      const values = decodeRecords(batch).flatMap(({ value }) => (value === null ? [] : [value]))
      this.#metadata.apply(values, batch.nextOffset)
    }
    return undefined
  }
}

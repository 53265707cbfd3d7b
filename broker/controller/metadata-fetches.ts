import type { Scheduler, Timeout } from '../clock.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { SnapshotId } from '../metadata/snapshot.ts'
import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { FetchPartition, FetchRequest, FetchResponseBody } from '../protocol/messages/01-fetch.ts'
import type { MetadataLogWriter } from './metadata-log-writer.ts'

interface Parked {
  readonly resume: () => void
  readonly timeout: Timeout
}

/** Serves the metadata log to the brokers, up to what is on disk. A fetch at its end waits for the next commit. */
export class MetadataFetches {
  readonly #log: PartitionLog
  readonly #writer: MetadataLogWriter
  readonly #leaderId: number
  readonly #clock: Scheduler
  readonly #latestSnapshot: () => SnapshotId | undefined
  readonly #parked = new Set<Parked>()

  constructor(options: {
    log: PartitionLog
    writer: MetadataLogWriter
    leaderId: number
    clock: Scheduler
    latestSnapshot: () => SnapshotId | undefined
  }) {
    this.#latestSnapshot = options.latestSnapshot
    this.#log = options.log
    this.#writer = options.writer
    this.#leaderId = options.leaderId
    this.#clock = options.clock
    this.#writer.onCommit(() => this.#resumeAll())
  }

  close(): void {
    this.#resumeAll()
  }

  async fetch(request: FetchRequest): Promise<FetchResponseBody> {
    const topic = request.topics[0]
    const partition = topic?.partitions[0]
    if (topic?.topic !== clusterMetadataTopicName || partition === undefined) return empty(errorCodes.INVALID_REQUEST)
    const highWatermark = this.#writer.committedOffset
    // What it asks for is in a snapshot by now, and no longer in the log.
    if (partition.fetchOffset < this.#log.logStartOffset) {
      return this.#answer(errorCodes.NONE, [], this.#latestSnapshot())
    }
    if (partition.fetchOffset > highWatermark) return this.#answer(errorCodes.OFFSET_OUT_OF_RANGE, [])
    if (partition.fetchOffset === highWatermark) await this.#park(request.maxWaitMs)
    return this.#answer(errorCodes.NONE, await this.#read(request, partition))
  }

  async #read(request: FetchRequest, { fetchOffset, partitionMaxBytes }: FetchPartition): Promise<readonly Buffer[]> {
    const upToOffset = this.#writer.committedOffset
    if (fetchOffset >= upToOffset) return []
    const maxBytes = Math.min(request.maxBytes, partitionMaxBytes)
    return this.#log.read({ offset: fetchOffset, maxBytes, upToOffset, atLeastOneBatch: true })
  }

  #park(maxWaitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const parked: Parked = {
        resume: () => {
          parked.timeout.close()
          this.#parked.delete(parked)
          resolve()
        },
        timeout: this.#clock.setTimeout(() => parked.resume(), maxWaitMs),
      }
      this.#parked.add(parked)
    })
  }

  #resumeAll(): void {
    for (const parked of [...this.#parked]) parked.resume()
  }

  #answer(errorCode: ErrorCode, records: readonly Buffer[], snapshotId?: SnapshotId): FetchResponseBody {
    const highWatermark = this.#writer.committedOffset
    return {
      throttleTimeMs: 0,
      errorCode: errorCodes.NONE,
      responses: [
        {
          topic: clusterMetadataTopicName,
          partitions: [
            {
              partitionIndex: 0,
              errorCode,
              highWatermark,
              lastStableOffset: highWatermark,
              logStartOffset: this.#log.logStartOffset,
              currentLeader: { leaderId: this.#leaderId, leaderEpoch: this.#writer.leaderEpoch },
              snapshotId,
              abortedTransactions: null,
              records,
            },
          ],
        },
      ],
    }
  }
}

function empty(errorCode: ErrorCode): FetchResponseBody {
  return { throttleTimeMs: 0, errorCode, responses: [] }
}

import { type Scheduler, sleep } from '../clock.ts'
import { ConnectionLost } from '../network/connection.ts'
import type { PeerConnections } from '../network/peer-connections.ts'
import { type ErrorCode, errorCodeOf, errorCodes, KafkaError } from '../protocol/errors.ts'
import { initializeShareGroupState } from '../protocol/messages/83-initialize-share-group-state.ts'
import { readShareGroupState } from '../protocol/messages/84-read-share-group-state.ts'
import { writeShareGroupState } from '../protocol/messages/85-write-share-group-state.ts'
import { deleteShareGroupState } from '../protocol/messages/86-delete-share-group-state.ts'
import { readShareGroupStateSummary } from '../protocol/messages/87-read-share-group-state-summary.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../protocol/schema.ts'
import type { StateBatch } from './delivery-state.ts'
import type { ShareCoordinator } from './share-coordinator.ts'
import { coordinatorKeyOf, type SharePartitionKey } from './share-partition-key.ts'
import type { ShareStateWrite } from './share-state.ts'

const firstBackoffMs = 20
const backoffMsMax = 500

/** What a leader needs to go on where the one before it ended. */
export interface StoredShareState {
  readonly stateEpoch: number
  readonly startOffset: number
  readonly batches: readonly StateBatch[]
}

export interface ShareStateSummary {
  readonly stateEpoch: number
  readonly leaderEpoch: number
  readonly startOffset: number
  readonly deliveryCompleteCount: number
}

interface PartitionAnswer {
  readonly errorCode: number
  readonly errorMessage: string | null
}

type Answer<P extends PartitionAnswer> = {
  readonly results: readonly { readonly partitions: readonly P[] }[]
}

/**
 * The state of share partitions, wherever it is kept: by this broker's own share coordinator or by another's. While there
 * is no coordinator it is looked for until `timeoutMs` is over. Everything rejects with KafkaError.
 */
export class ShareStates {
  readonly #nodeId: number
  readonly #coordinator: ShareCoordinator
  readonly #peers: PeerConnections
  readonly #clock: Scheduler
  readonly #timeoutMs: number
  readonly #closing = new AbortController()

  constructor(options: {
    nodeId: number
    coordinator: ShareCoordinator
    peers: PeerConnections
    clock: Scheduler
    timeoutMs: number
  }) {
    this.#nodeId = options.nodeId
    this.#coordinator = options.coordinator
    this.#peers = options.peers
    this.#clock = options.clock
    this.#timeoutMs = options.timeoutMs
  }

  close(): void {
    this.#closing.abort()
  }

  async initialize(key: SharePartitionKey, start: { stateEpoch: number; startOffset: number }): Promise<void> {
    const { groupId, topicId, partition } = key
    const request = { groupId, topics: [{ topicId, partitions: [{ partition, ...start }] }] }
    await this.#ask<void>(
      key,
      () => this.#coordinator.initialize(key, start),
      async (send) => void onlyPartition(await send(initializeShareGroupState, request)),
    )
  }

  read(key: SharePartitionKey, leaderEpoch: number): Promise<StoredShareState> {
    const { groupId, topicId, partition } = key
    const request = { groupId, topics: [{ topicId, partitions: [{ partition, leaderEpoch }] }] }
    return this.#ask<StoredShareState>(
      key,
      () => this.#coordinator.read(key, leaderEpoch),
      async (send) => {
        const { stateEpoch, startOffset, stateBatches } = onlyPartition(await send(readShareGroupState, request))
        return { stateEpoch, startOffset, batches: stateBatches }
      },
    )
  }

  async write(key: SharePartitionKey, write: ShareStateWrite): Promise<void> {
    const { groupId, topicId, partition } = key
    const { batches, ...rest } = write
    const request = { groupId, topics: [{ topicId, partitions: [{ partition, ...rest, stateBatches: batches }] }] }
    await this.#ask<void>(
      key,
      () => this.#coordinator.write(key, write),
      async (send) => void onlyPartition(await send(writeShareGroupState, request)),
    )
  }

  async remove(key: SharePartitionKey): Promise<void> {
    const { groupId, topicId, partition } = key
    const request = { groupId, topics: [{ topicId, partitions: [{ partition }] }] }
    await this.#ask<void>(
      key,
      () => this.#coordinator.remove(key),
      async (send) => void onlyPartition(await send(deleteShareGroupState, request)),
    )
  }

  /** Undefined where nothing is kept. */
  summarize(key: SharePartitionKey): Promise<ShareStateSummary | undefined> {
    const { groupId, topicId, partition } = key
    const request = { groupId, topics: [{ topicId, partitions: [{ partition, leaderEpoch: -1 }] }] }
    return this.#ask<ShareStateSummary | undefined>(
      key,
      () => this.#coordinator.summarize(key),
      async (send) => {
        const summary = onlyPartition(await send(readShareGroupStateSummary, request))
        // Nothing is kept: Kafka says so with a start that nobody has set in a state that nobody has made.
        return summary.startOffset === -1 && summary.deliveryCompleteCount === -1 && summary.stateEpoch === 0
          ? undefined
          : summary
      },
    )
  }

  async #ask<T>(key: SharePartitionKey, ours: () => Promise<T>, theirs: (send: Send) => Promise<T>): Promise<T> {
    const { signal } = this.#closing
    const endMs = this.#clock.monotonicMs() + this.#timeoutMs
    for (let backoffMs = firstBackoffMs; ; backoffMs = Math.min(backoffMs * 2, backoffMsMax)) {
      try {
        return await this.#askOnce(key, ours, theirs)
      } catch (error) {
        if (!isPassing(error)) throw error
        const isOver = signal.aborted || this.#clock.monotonicMs() + backoffMs > endMs
        if (isOver) throw new KafkaError(errorCodes.COORDINATOR_NOT_AVAILABLE, undefined, { cause: error })
      }
      await sleep(this.#clock, backoffMs, signal)
    }
  }

  async #askOnce<T>(key: SharePartitionKey, ours: () => Promise<T>, theirs: (send: Send) => Promise<T>): Promise<T> {
    const coordinator = this.#coordinator.findCoordinator(coordinatorKeyOf(key))
    if (coordinator === undefined) throw new KafkaError(errorCodes.COORDINATOR_NOT_AVAILABLE)
    if (coordinator.id === this.#nodeId) return ours()
    return theirs(async (api, request) => {
      const connection = await this.#peers.connect(coordinator.id)
      return connection.send(api, api.versions.max, request, { timeoutMs: this.#timeoutMs })
    })
  }
}

type Send = <A extends Api>(api: A, request: RequestBodyOf<A>) => Promise<ResponseOf<A>>

/** What goes by itself: the coordinator moves, starts or waits for its replicas. */
const passingErrors: ReadonlySet<ErrorCode> = new Set([
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
  errorCodes.NOT_COORDINATOR,
])

function isPassing(error: unknown): boolean {
  return error instanceof ConnectionLost || (error instanceof KafkaError && passingErrors.has(error.code))
}

function onlyPartition<P extends PartitionAnswer>({ results }: Answer<P>): P {
  const partition = results[0]?.partitions[0]
  if (partition === undefined) throw new KafkaError(errorCodes.UNKNOWN_SERVER_ERROR)
  const { errorCode, errorMessage } = partition
  if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCodeOf(errorCode), errorMessage ?? undefined)
  return partition
}

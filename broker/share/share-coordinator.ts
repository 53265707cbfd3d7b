import type { Clock } from '../clock.ts'
import { CoordinatorShards } from '../coordinator/coordinator-shards.ts'
import { CoordinatorTopic, type CoordinatorTopicCreator } from '../coordinator/coordinator-topic.ts'
import type { ReplicatedLogs } from '../coordinator/replicated-logs.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { shareStateTopicName } from '../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import { coordinatorKeyOf, isCoordinatorKey, type SharePartitionKey } from './share-partition-key.ts'
import type { ShareState, ShareStateWrite } from './share-state.ts'
import { ShareStateShard } from './share-state-shard.ts'

export type ShareCoordinatorSettings = Pick<
  BrokerSettings,
  | 'shareCoordinatorStateTopicNumPartitions'
  | 'shareCoordinatorSnapshotUpdateRecordsPerSnapshot'
  | 'shareCoordinatorWriteTimeoutMs'
  | 'shareCoordinatorStateTopicPruneIntervalMs'
  | 'shareCoordinatorColdPartitionSnapshotIntervalMs'
>

export interface ShareCoordinatorOptions {
  replicas: ReplicatedLogs
  metadata: MetadataCache
  settings: ShareCoordinatorSettings
  creator: CoordinatorTopicCreator
  /** Deletes the records of one partition of `__share_group_state` before an offset. */
  prune: (partition: number, offset: number) => Promise<unknown>
  timers: TimerWheel
  clock: Clock
  /** Told of trouble that no request can be answered with. */
  onFailure: (error: unknown) => void
}

/** Keeps the state of share partitions, for those partitions of `__share_group_state` that this broker leads. */
export class ShareCoordinator {
  readonly #options: ShareCoordinatorOptions
  readonly #topic: CoordinatorTopic
  readonly #shards: CoordinatorShards<ShareStateShard>
  /** How far each partition was deleted already. */
  readonly #prunedBefore = new WeakMap<ShareStateShard, number>()
  #pruning: TimerHandle | undefined
  #snapshotting: TimerHandle | undefined

  constructor(options: ShareCoordinatorOptions) {
    this.#options = options
    const { replicas, metadata, settings, creator, clock, onFailure } = options
    this.#topic = new CoordinatorTopic({
      name: shareStateTopicName,
      partitions: settings.shareCoordinatorStateTopicNumPartitions,
      metadata,
      creator,
    })
    const updatesPerSnapshot = settings.shareCoordinatorSnapshotUpdateRecordsPerSnapshot
    this.#shards = new CoordinatorShards({
      topic: this.#topic,
      replicas,
      open: ({ partition, append, reload }) => {
        return new ShareStateShard({ partition, append, reload, updatesPerSnapshot, clock })
      },
      appendTimeoutMs: settings.shareCoordinatorWriteTimeoutMs,
      clock,
      onFailure,
    })
    metadata.onChange(({ deletedTopics }) => {
      if (deletedTopics.size > 0) this.#removeTopics((topicId) => deletedTopics.has(topicId))
    })
    this.#schedulePruning()
    this.#scheduleSnapshots()
  }

  close(): void {
    this.#pruning?.cancel()
    this.#snapshotting?.cancel()
    this.#shards.close()
  }

  isKey(text: string): boolean {
    return isCoordinatorKey(text)
  }

  findCoordinator(key: string): BrokerImage | undefined {
    return this.#topic.findCoordinator(key)
  }

  /** Rejects with KafkaError, as the others do: a fenced epoch, an unknown partition, another coordinator. */
  async initialize(key: SharePartitionKey, start: { stateEpoch: number; startOffset: number }): Promise<void> {
    await this.#route(key).initialize(key, start)
  }

  async write(key: SharePartitionKey, write: ShareStateWrite): Promise<void> {
    await this.#route(key).write(key, write)
  }

  async read(key: SharePartitionKey, leaderEpoch: number): Promise<ShareState> {
    return this.#route(key).read(key, leaderEpoch)
  }

  async summarize(key: SharePartitionKey): Promise<ShareState | undefined> {
    return this.#route(key).summarize(key)
  }

  async remove(key: SharePartitionKey): Promise<void> {
    await this.#route(key).remove(key)
  }

  #route(key: SharePartitionKey): ShareStateShard {
    const { groupId, topicId, partition } = key
    if (groupId === '') throw new KafkaError(errorCodes.INVALID_REQUEST, 'The group id is empty.')
    if (partition < 0) {
      throw new KafkaError(errorCodes.INVALID_REQUEST, 'The partition id cannot be a negative number.')
    }
    const shard = this.#shards.route(coordinatorKeyOf(key))
    if (typeof shard === 'number') throw new KafkaError(shard)
    const topic = this.#options.metadata.image.topicsById.get(topicId)
    if (topic?.partitions[partition] === undefined) throw new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    return shard
  }

  #removeTopics(isGone: (topicId: string) => boolean): void {
    // Whoever coordinates next hears of it too: see #scheduleSnapshots.
    for (const shard of this.#shards.active()) shard.removeTopics(isGone).catch(ignoreRefusal)
  }

  #schedulePruning(): void {
    const { timers, settings, onFailure } = this.#options
    this.#pruning = timers.schedule(settings.shareCoordinatorStateTopicPruneIntervalMs, () => {
      for (const shard of this.#shards.active()) this.#prune(shard).catch(onFailure)
      this.#schedulePruning()
    })
  }

  async #prune(shard: ShareStateShard): Promise<void> {
    const { redundantBefore } = shard
    if (!Number.isFinite(redundantBefore) || redundantBefore <= (this.#prunedBefore.get(shard) ?? 0)) return
    this.#prunedBefore.set(shard, redundantBefore)
    await this.#options.prune(shard.partition, redundantBefore).catch(ignoreRefusal)
  }

  #scheduleSnapshots(): void {
    const { timers, settings, metadata } = this.#options
    const intervalMs = settings.shareCoordinatorColdPartitionSnapshotIntervalMs
    this.#snapshotting = timers.schedule(intervalMs, () => {
      this.#removeTopics((topicId) => !metadata.image.topicsById.has(topicId))
      for (const shard of this.#shards.active()) shard.snapshotCold(intervalMs).catch(ignoreRefusal)
      this.#scheduleSnapshots()
    })
  }
}

/** Another broker leads, or replicas are missing: it is tried again the next time. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof KafkaError)) throw error
}

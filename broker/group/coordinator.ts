import type { Clock } from '../clock.ts'
import { CoordinatorShards } from '../coordinator/coordinator-shards.ts'
import { CoordinatorTopic, type CoordinatorTopicCreator } from '../coordinator/coordinator-topic.ts'
import type { ReplicatedLogs } from '../coordinator/replicated-logs.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { BrokerImage } from '../metadata/broker-image.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { offsetsTopicName } from '../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import { ConsumerGroupSettings } from './consumer/consumer-group-settings.ts'
import { parseMigrationPolicy } from './consumer/migration.ts'
import { GroupPartition } from './group-partition.ts'
import { type CommittedOffset, isOfTopic } from './offsets.ts'
import type { ShareGroupsOptions } from './share/share-groups.ts'

/** A new member's first join: it has no id yet, so no session of its own. Kafka's figure. */
const newMemberJoinTimeoutMs = 5 * 60_000

export interface GroupCoordinatorOptions {
  replicas: ReplicatedLogs
  metadata: MetadataCache
  settings: BrokerSettings
  creator: CoordinatorTopicCreator
  /** The state of share groups' partitions is kept elsewhere. */
  share: Pick<ShareGroupsOptions, 'keeper' | 'sessionTimeoutMs'>
  timers: TimerWheel
  clock: Clock
  /** Told of trouble that no request can be answered with: a partition that cannot be read. */
  onFailure: (error: unknown) => void
}

/** Coordinates the groups of those partitions of `__consumer_offsets` that this broker leads. */
export class GroupCoordinator {
  readonly metadata: MetadataCache
  readonly settings: BrokerSettings
  readonly #topic: CoordinatorTopic
  readonly #shards: CoordinatorShards<GroupPartition>
  readonly #timers: TimerWheel
  readonly #clock: Clock
  #expiry: TimerHandle | undefined

  constructor({ replicas, metadata, settings, creator, share, timers, clock, onFailure }: GroupCoordinatorOptions) {
    this.metadata = metadata
    this.settings = settings
    this.#timers = timers
    this.#clock = clock
    const limits = {
      initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
      newMemberJoinTimeoutMs,
      membersMax: settings.groupMaxSize,
    }
    const findTopic = (name: string) => metadata.image.topics.get(name)
    const shareOptions = { ...share, findTopic, timers }
    const consumerGroupSettings = new ConsumerGroupSettings(metadata, settings)
    const consumerOptions = {
      topics: metadata,
      assignors: settings.groupConsumerAssignors,
      membersMax: settings.groupConsumerMaxSize,
      configOf: (groupId: string) => consumerGroupSettings.of(groupId),
      migrationPolicy: parseMigrationPolicy(settings.groupConsumerMigrationPolicy),
      classicLimits: limits,
    }
    const isOrphan = (offset: CommittedOffset) => this.#isOrphan(offset)
    this.#topic = new CoordinatorTopic({
      name: offsetsTopicName,
      partitions: settings.offsetsTopicNumPartitions,
      metadata,
      creator,
    })
    this.#shards = new CoordinatorShards({
      topic: this.#topic,
      replicas,
      open: (log) => {
        return new GroupPartition({ limits, consumerOptions, share: shareOptions, log, isOrphan, timers, clock })
      },
      appendTimeoutMs: settings.offsetsCommitTimeoutMs,
      clock,
      onFailure,
    })
    replicas.onTransactionEnd(({ topic, partition, producerId, isCommit }) => {
      if (topic === offsetsTopicName) this.#shards.find(partition)?.endTransaction(producerId, isCommit)
    })
    metadata.onChange(({ topics, deletedTopics }) => {
      this.#topicsDeleted(deletedTopics)
      this.#topicsChanged(topics, deletedTopics)
    })
    this.#scheduleExpiry()
  }

  close(): void {
    this.#expiry?.cancel()
    this.#shards.close()
  }

  /** Names of what may assign partitions, the default first. */
  get consumerAssignors(): readonly string[] {
    return this.settings.groupConsumerAssignors
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  /** The partition of `__consumer_offsets` that holds the group. */
  partitionOf(groupId: string): number {
    return this.#topic.partitionOf(groupId)
  }

  findCoordinator(groupId: string): BrokerImage | undefined {
    return this.#topic.findCoordinator(groupId)
  }

  /** The partition that holds the group, or the error that sends the client elsewhere or has it wait. */
  route(groupId: string): GroupPartition | ErrorCode {
    return this.#shards.route(groupId)
  }

  /** As `route`, for requests of members: a group of members has a name. */
  routeMember(groupId: string): GroupPartition | ErrorCode {
    return groupId === '' ? errorCodes.INVALID_GROUP_ID : this.route(groupId)
  }

  /** Every partition led here. */
  get partitions(): Iterable<GroupPartition> {
    return this.#shards.all
  }

  #topicsChanged(changed: ReadonlySet<string>, deleted: ReadonlyMap<string, string>): void {
    if (changed.size === 0 && deleted.size === 0) return
    const names = new Set([...changed, ...deleted.values()])
    for (const partition of this.#shards.active()) partition.consumer.topicsChanged(names)
  }

  #topicsDeleted(deleted: ReadonlyMap<string, string>): void {
    const isOrphan = ({ topic, value }: CommittedOffset) => {
      return [...deleted].some(([topicId, name]) => name === topic && isOfTopic(value, topicId))
    }
    if (deleted.size === 0) return
    for (const partition of this.#shards.active()) {
      void partition.removeOrphans(isOrphan)
      void partition.share.states.topicsDeleted((topicId) => deleted.has(topicId))
    }
  }

  /** What was deleted while nobody coordinated these groups. */
  #isOrphan({ topic, value }: CommittedOffset): boolean {
    const image = this.metadata.image.topics.get(topic)
    return image === undefined || !isOfTopic(value, image.id)
  }

  #scheduleExpiry(): void {
    const { offsetsRetentionMinutes, offsetsRetentionCheckIntervalMs } = this.settings
    this.#expiry = this.#timers.schedule(offsetsRetentionCheckIntervalMs, () => {
      for (const partition of this.#shards.active()) void partition.expire(offsetsRetentionMinutes * 60_000)
      this.#scheduleExpiry()
    })
  }
}

import type { Clock } from '../clock.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import type { BrokerImage } from '../metadata/image.ts'
import { offsetsTopicName } from '../metadata/topic-name.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import { buildBatch, type NewRecord } from '../record/build-batch.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import type { ClassicGroupLimits } from './classic-group.ts'
import { GroupPartition } from './group-partition.ts'
import { loadGroups } from './load-groups.ts'
import { type CommittedOffset, isOfTopic } from './offsets.ts'
import { OffsetsTopic, type OffsetsTopicCreator, type OffsetsTopicSettings } from './offsets-topic.ts'
import type { ReplicatedLogs } from './replicated-logs.ts'

/** A new member's first join: it has no id yet, so no session of its own. Kafka's figure. */
const newMemberJoinTimeoutMs = 5 * 60_000
const loadBytesMax = 5 * 1024 * 1024

export type GroupSettings = OffsetsTopicSettings &
  Pick<
    BrokerSettings,
    | 'groupInitialRebalanceDelayMs'
    | 'groupMinSessionTimeoutMs'
    | 'groupMaxSessionTimeoutMs'
    | 'groupMaxSize'
    | 'offsetMetadataMaxBytes'
    | 'offsetsCommitTimeoutMs'
    | 'offsetsRetentionMinutes'
    | 'offsetsRetentionCheckIntervalMs'
  >

export interface GroupCoordinatorOptions {
  replicas: ReplicatedLogs
  metadata: MetadataCache
  settings: GroupSettings
  creator: OffsetsTopicCreator
  timers: TimerWheel
  clock: Clock
  /** Told of trouble that no request can be answered with: a partition that cannot be read. */
  onFailure: (error: unknown) => void
}

/**
 * Coordinates the groups of those partitions of `__consumer_offsets` that this broker leads. It loads a partition when the
 * broker becomes its leader and drops it when another does; all it knows is in the log.
 */
export class GroupCoordinator {
  readonly metadata: MetadataCache
  readonly settings: GroupSettings
  readonly #replicas: ReplicatedLogs
  readonly #topic: OffsetsTopic
  readonly #timers: TimerWheel
  readonly #clock: Clock
  readonly #onFailure: (error: unknown) => void
  readonly #limits: ClassicGroupLimits
  readonly #partitions = new Map<number, GroupPartition>()
  #expiry: TimerHandle | undefined

  constructor({ replicas, metadata, settings, creator, timers, clock, onFailure }: GroupCoordinatorOptions) {
    this.metadata = metadata
    this.settings = settings
    this.#replicas = replicas
    this.#topic = new OffsetsTopic({ metadata, settings, creator })
    this.#timers = timers
    this.#clock = clock
    this.#onFailure = onFailure
    this.#limits = {
      initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
      newMemberJoinTimeoutMs,
      membersMax: settings.groupMaxSize,
    }
    replicas.onLeadershipChange((topic, partition, isLeader) => {
      if (topic === offsetsTopicName) this.#leadershipChanged(partition, isLeader)
    })
    metadata.onChange(({ deletedTopics }) => this.#topicsDeleted(deletedTopics))
    this.#scheduleExpiry()
  }

  close(): void {
    this.#expiry?.cancel()
    for (const partition of this.#partitions.values()) partition.close()
    this.#partitions.clear()
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  findCoordinator(groupId: string): BrokerImage | undefined {
    return this.#topic.findCoordinator(groupId)
  }

  /** The partition that holds the group, or the error that sends the client elsewhere or has it wait. */
  route(groupId: string): GroupPartition | ErrorCode {
    const partition = this.#partitions.get(this.#topic.partitionOf(groupId))
    return partition === undefined ? errorCodes.NOT_COORDINATOR : (partition.unavailability ?? partition)
  }

  /** As `route`, for requests of members: a group of members has a name. */
  routeMember(groupId: string): GroupPartition | ErrorCode {
    return groupId === '' ? errorCodes.INVALID_GROUP_ID : this.route(groupId)
  }

  /** Every partition led here. */
  get partitions(): Iterable<GroupPartition> {
    return this.#partitions.values()
  }

  #topicsDeleted(deleted: ReadonlyMap<string, string>): void {
    const isOrphan = ({ topic, value }: CommittedOffset) => {
      return [...deleted].some(([topicId, name]) => name === topic && isOfTopic(value, topicId))
    }
    if (deleted.size > 0) for (const partition of this.#active()) void partition.removeOrphans(isOrphan)
  }

  /** What was deleted while nobody coordinated these groups. */
  #isOrphan({ topic, value }: CommittedOffset): boolean {
    const image = this.metadata.image.topics.get(topic)
    return image === undefined || !isOfTopic(value, image.id)
  }

  #leadershipChanged(index: number, isLeader: boolean): void {
    const partition = this.#partitions.get(index)
    if (!isLeader) {
      this.#partitions.delete(index)
      partition?.close()
    } else if (partition === undefined) {
      // Elected again, in a later epoch: what is loaded is still what the log says.
      void this.#load(index)
    }
  }

  async #load(index: number): Promise<void> {
    const partition = new GroupPartition({
      limits: this.#limits,
      append: (records) => this.#append(index, records),
      timers: this.#timers,
      clock: this.#clock,
    })
    this.#partitions.set(index, partition)
    const isWanted = () => this.#partitions.get(index) === partition
    const at = { topic: offsetsTopicName, partition: index, maxBytes: loadBytesMax }
    const log = {
      startOffset: this.#replicas.partition(offsetsTopicName, index)?.logStartOffset ?? 0,
      read: (offset: number) => this.#replicas.readLocal({ ...at, offset }),
    }
    try {
      await loadGroups(log, (record) => partition.replay(record), isWanted)
      if (!isWanted()) return
      partition.activate()
      await partition.removeOrphans((offset) => this.#isOrphan(offset))
    } catch (error) {
      // Not ours to read any more is no trouble, an unreadable log is. Clients look for another coordinator either way.
      if (!isWanted()) return
      this.#leadershipChanged(index, false)
      this.#onFailure(error)
    }
  }

  async #append(index: number, records: readonly NewRecord[]): Promise<void> {
    await this.#replicas.append({
      topic: offsetsTopicName,
      partition: index,
      batches: buildBatch({ records, timestampMs: this.#clock.nowMs() }),
      acks: -1,
      origin: 'coordinator',
      timeoutMs: this.settings.offsetsCommitTimeoutMs,
    })
  }

  *#active(): Iterable<GroupPartition> {
    for (const partition of this.#partitions.values()) if (partition.unavailability === undefined) yield partition
  }

  #scheduleExpiry(): void {
    this.#expiry = this.#timers.schedule(this.settings.offsetsRetentionCheckIntervalMs, () => {
      for (const partition of this.#active()) void partition.expire(this.settings.offsetsRetentionMinutes * 60_000)
      this.#scheduleExpiry()
    })
  }
}

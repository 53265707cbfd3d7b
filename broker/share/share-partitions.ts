import type { Scheduler } from '../clock.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { ReplicaManager } from '../replication/replica-manager.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { type AcknowledgementBatch, findAcknowledgementFault } from './acknowledgement.ts'
import { ShareFetch, type ShareFetched, type ShareFetchOptions } from './share-fetch.ts'
import type { ShareGroupSettings } from './share-group-settings.ts'
import { coordinatorKeyOf } from './share-partition-key.ts'
import { type AcknowledgeAnswer, SharePartitionLeader } from './share-partition-leader.ts'
import { type SessionPartition, type ShareSession, ShareSessions } from './share-sessions.ts'
import type { ShareStates } from './share-states.ts'

export interface SharePartitionsOptions {
  replicas: ReplicaManager
  metadata: MetadataCache
  states: ShareStates
  groups: ShareGroupSettings
  timers: TimerWheel
  clock: Scheduler
  onFailure: (error: unknown) => void
}

/** What share groups read from the partitions that this broker leads, and by whom. */
export class SharePartitions {
  readonly sessions = new ShareSessions()
  readonly groups: ShareGroupSettings
  readonly #options: SharePartitionsOptions
  readonly #leaders = new Map<string, SharePartitionLeader>()

  constructor(options: SharePartitionsOptions) {
    this.#options = options
    this.groups = options.groups
    options.replicas.onLeadershipChange((topic, index) => {
      // A leader elected again starts from what is written, too: somebody else may have led in between.
      for (const leader of this.#leaders.values()) {
        if (leader.partition.topic === topic && leader.partition.index === index) this.#drop(leader)
      }
    })
  }

  get settings(): BrokerSettings {
    return this.#options.replicas.settings
  }

  close(): void {
    for (const leader of [...this.#leaders.values()]) this.#drop(leader)
  }

  /** The share partition, if this broker leads it; otherwise why not. */
  find(groupId: string, { topicId, partition: index }: SessionPartition): SharePartitionLeader | ErrorCode {
    const key = { groupId, topicId, partition: index }
    const name = coordinatorKeyOf(key)
    const known = this.#leaders.get(name)
    if (known !== undefined) return known
    const { replicas, metadata, states, groups, timers, clock, onFailure } = this.#options
    const topic = metadata.image.topicsById.get(topicId)
    if (topic === undefined) return errorCodes.UNKNOWN_TOPIC_ID
    if (topic.partitions[index] === undefined) return errorCodes.UNKNOWN_TOPIC_OR_PARTITION
    const partition = replicas.partitionById(topicId, index)
    if (partition?.isLeader !== true) return errorCodes.NOT_LEADER_OR_FOLLOWER
    const config = () => groups.of(groupId)
    const leader: SharePartitionLeader = new SharePartitionLeader({
      key,
      partition,
      states,
      config,
      timers,
      clock,
      onFenced: () => this.#drop(leader),
      onFailure,
    })
    this.#leaders.set(name, leader)
    return leader
  }

  fetch(options: Omit<ShareFetchOptions, 'timers' | 'clock'>): Promise<ShareFetched> {
    const { timers, clock } = this.#options
    return new ShareFetch({ ...options, timers, clock }).run()
  }

  async acknowledge(
    { groupId, memberId }: ShareSession,
    partition: SessionPartition,
    batches: readonly AcknowledgementBatch[],
    options: { canRenew: boolean },
  ): Promise<AcknowledgeAnswer> {
    const leader = this.find(groupId, partition)
    if (typeof leader === 'number') return { errorCode: leader, message: null }
    const fault = findAcknowledgementFault(batches, options)
    if (fault !== undefined) return { errorCode: errorCodes.INVALID_REQUEST, message: fault }
    return leader.acknowledge(memberId, batches)
  }

  /** The member has closed its session: what it did not acknowledge is for others. */
  async release({ groupId, memberId, partitions }: ShareSession): Promise<void> {
    const leaders = [...partitions.values()].flatMap(
      (partition) => this.#leaders.get(coordinatorKeyOf({ groupId, ...partition })) ?? [],
    )
    await Promise.all(leaders.map((leader) => leader.release(memberId)))
    // Without anybody who reads, an administrator may set the group's offsets anew.
    if (!this.sessions.hasGroup(groupId)) {
      for (const leader of this.#leaders.values()) if (leader.key.groupId === groupId) this.#drop(leader)
    }
  }

  connectionClosed(connectionId: string): void {
    for (const session of this.sessions.disconnect(connectionId)) {
      this.release(session).catch(this.#options.onFailure)
    }
  }

  #drop(leader: SharePartitionLeader): void {
    const name = coordinatorKeyOf(leader.key)
    if (this.#leaders.get(name) === leader) this.#leaders.delete(name)
    leader.close()
  }
}

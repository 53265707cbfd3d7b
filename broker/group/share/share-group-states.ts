import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { TimerWheel } from '../../timer-wheel.ts'
import type { HostedGroups } from '../hosted-groups.ts'
import { appendShareGroupRecords } from './append-share-group-records.ts'
import { ShareGroup } from './share-group.ts'
import type { NamedTopicPartitions, ShareGroupRecord } from './share-group-records.ts'
import type { ShareHeartbeatContext } from './share-heartbeat.ts'

/** A new member is told its partitions at once if their state can be made in that time, else with its next heartbeat. */
const initializationWaitMs = 3_000
const uninitialized = -1

interface ShareStateKey {
  readonly groupId: string
  readonly topicId: string
  readonly partition: number
}

/** The part of the share coordinator that the members' coordinator needs. Rejects with KafkaError. */
export interface ShareStateKeeper {
  initialize(key: ShareStateKey, start: { stateEpoch: number; startOffset: number }): Promise<void>
  remove(key: ShareStateKey): Promise<void>
}

export interface ShareGroupStatesOptions {
  keeper: ShareStateKeeper
  findTopic: ShareHeartbeatContext['findTopic']
  timers: TimerWheel
}

/**
 * What the share groups of one partition of `__consumer_offsets` have the share coordinator keep for them: a state for each
 * partition that a group reads. The group's own records name each of them before it is made and until after it is removed,
 * so that none is forgotten.
 */
export class ShareGroupStates {
  readonly #hosted: HostedGroups
  readonly #options: ShareGroupStatesOptions
  /** Groups whose share partitions are being made known to the share coordinator. */
  readonly #initializing = new Map<ShareGroup, Promise<boolean>>()

  constructor(hosted: HostedGroups, options: ShareGroupStatesOptions) {
    this.#hosted = hosted
    this.#options = options
  }

  /** Whether there is something new to assign. */
  async initializeInTime(group: ShareGroup): Promise<boolean> {
    let initialization = this.#initializing.get(group)
    if (initialization === undefined) {
      const missing = this.#findUninitialized(group)
      if (missing.length === 0) return false
      initialization = this.#initialize(group, missing).finally(() => this.#initializing.delete(group))
      this.#initializing.set(group, initialization)
    }
    return new Promise((resolve, reject) => {
      const timer = this.#options.timers.schedule(initializationWaitMs, () => resolve(false))
      initialization.then(resolve, reject).finally(() => timer.cancel())
    })
  }

  /** Sets where the group goes on reading. Rejects with KafkaError. */
  async setStart(group: ShareGroup, topic: NamedTopicPartitions, startOffset: number): Promise<void> {
    const { groupId } = group
    const stateEpoch = group.epoch + 1
    await this.#write(group, [
      { kind: 'group', value: { epoch: stateEpoch, metadataHash: group.metadataHash } },
      statesWith(group, [topic], 'initializingTopics', 'add'),
    ])
    for (const partition of topic.partitions) {
      await this.#options.keeper.initialize({ groupId, topicId: topic.topicId, partition }, { stateEpoch, startOffset })
    }
    await this.#write(group, [
      statesWith(group, [topic], 'initializingTopics', 'remove'),
      statesWith(group, [topic], 'initializedTopics', 'add'),
    ])
  }

  /** Forgets how far the group has read these topics. Rejects with KafkaError. */
  async remove(group: ShareGroup, topicIds: ReadonlySet<string>): Promise<void> {
    const { states, groupId } = group
    const topics = [...states.initializedTopics, ...states.initializingTopics].filter(({ topicId }) =>
      topicIds.has(topicId),
    )
    if (topics.length === 0) return
    const deletingTopics = topics.map(({ topicId, topicName }) => ({ topicId, topicName }))
    await this.#write(group, [{ kind: 'states', value: { ...states, deletingTopics } }])
    const removals = topics.flatMap(({ topicId, partitions }) => {
      return partitions.map((partition) => this.#removeState({ groupId, topicId, partition }))
    })
    await Promise.all(removals)
    await this.#write(group, withoutTopics(group, topicIds))
  }

  /** Before the group is deleted. */
  async removeAll(group: ShareGroup): Promise<ErrorCode> {
    const { initializedTopics, initializingTopics } = group.states
    try {
      await this.remove(group, new Set([...initializedTopics, ...initializingTopics].map(({ topicId }) => topicId)))
      return errorCodes.NONE
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return error.code
    }
  }

  /** Topics that are gone take their share partitions with them; the share coordinator hears of it by itself. */
  async topicsDeleted(isGone: (topicId: string) => boolean): Promise<void> {
    for (const { group } of [...this.#hosted]) {
      if (!(group instanceof ShareGroup)) continue
      const { initializedTopics, initializingTopics } = group.states
      const gone = [...initializedTopics, ...initializingTopics].map(({ topicId }) => topicId).filter(isGone)
      if (gone.length === 0) continue
      await this.#hosted.append(group.carryOut(withoutTopics(group, new Set(gone))))
    }
  }

  /** What was deleted while nobody coordinated these groups. */
  async removeOrphans(): Promise<void> {
    const names = new Map<string, string>()
    for (const { group } of this.#hosted) {
      if (!(group instanceof ShareGroup)) continue
      const { initializedTopics, initializingTopics } = group.states
      for (const { topicId, topicName } of [...initializedTopics, ...initializingTopics]) names.set(topicId, topicName)
    }
    const isGone = (topicId: string) => {
      const name = names.get(topicId)
      return name !== undefined && this.#options.findTopic(name)?.id !== topicId
    }
    await this.topicsDeleted(isGone)
  }

  #findUninitialized(group: ShareGroup): NamedTopicPartitions[] {
    const initialized = new Map(group.states.initializedTopics.map((topic) => [topic.topicId, topic.partitions]))
    const names = new Set([...group.members.values()].flatMap(({ metadata }) => metadata.subscribedTopicNames))
    return [...names].flatMap((topicName) => {
      const topic = this.#options.findTopic(topicName)
      if (topic === undefined) return []
      const known = initialized.get(topic.id) ?? []
      const partitions = topic.partitions.map((_, index) => index).filter((index) => !known.includes(index))
      return partitions.length === 0 ? [] : [{ topicId: topic.id, topicName, partitions }]
    })
  }

  /** What fails is tried again with the next heartbeat. Rejects with KafkaError where the group's own log fails. */
  async #initialize(group: ShareGroup, missing: readonly NamedTopicPartitions[]): Promise<boolean> {
    const { groupId, epoch: stateEpoch } = group
    const known = new Set(group.states.initializedTopics.map(({ topicId }) => topicId))
    await this.#write(group, [statesWith(group, missing, 'initializingTopics', 'add')])
    const outcomes = missing.map(async ({ topicId, topicName, partitions }) => {
      // A partition that was added to a topic is read from its beginning.
      const startOffset = known.has(topicId) ? 0 : uninitialized
      const initialized = partitions.map(async (partition) => {
        const key = { groupId, topicId, partition }
        return (await this.#tryInitialize(key, { stateEpoch, startOffset })) ? [partition] : []
      })
      return { topicId, topicName, partitions: (await Promise.all(initialized)).flat() }
    })
    const done = (await Promise.all(outcomes)).filter(({ partitions }) => partitions.length > 0)
    await this.#write(group, [
      statesWith(group, missing, 'initializingTopics', 'remove'),
      statesWith(group, done, 'initializedTopics', 'add'),
    ])
    return done.length > 0
  }

  async #tryInitialize(key: ShareStateKey, start: { stateEpoch: number; startOffset: number }): Promise<boolean> {
    try {
      await this.#options.keeper.initialize(key, start)
      return true
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return false
    }
  }

  async #removeState(key: ShareStateKey): Promise<void> {
    try {
      await this.#options.keeper.remove(key)
    } catch (error) {
      // A topic that is gone has taken its state with it.
      if (!(error instanceof KafkaError && error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION)) throw error
    }
  }

  async #write(group: ShareGroup, changes: readonly (ShareGroupRecord | (() => ShareGroupRecord))[]): Promise<void> {
    const records = changes.map((change) => {
      const record = typeof change === 'function' ? change() : change
      group.apply(record)
      return record
    })
    await appendShareGroupRecords(this.#hosted, group, records)
  }
}

/** Applied one after the other: each is made from what the one before has left. */
function statesWith(
  group: ShareGroup,
  topics: readonly NamedTopicPartitions[],
  list: 'initializingTopics' | 'initializedTopics',
  change: 'add' | 'remove',
): () => ShareGroupRecord {
  return () => {
    const { states } = group
    return { kind: 'states', value: { ...states, [list]: withPartitions(states[list], topics, change) } }
  }
}

function withoutTopics(group: ShareGroup, topicIds: ReadonlySet<string>): ShareGroupRecord[] {
  const { initializedTopics, initializingTopics } = group.states
  const isKept = ({ topicId }: { topicId: string }) => !topicIds.has(topicId)
  const value = {
    initializedTopics: initializedTopics.filter(isKept),
    initializingTopics: initializingTopics.filter(isKept),
    deletingTopics: [],
  }
  return [{ kind: 'states', value }]
}

/** Adds to what is there, or takes away from it. */
function withPartitions(
  topics: readonly NamedTopicPartitions[],
  changed: readonly NamedTopicPartitions[],
  change: 'add' | 'remove',
): NamedTopicPartitions[] {
  const merged = new Map(topics.map((topic) => [topic.topicId, topic]))
  for (const { topicId, topicName, partitions } of changed) {
    const known = merged.get(topicId)?.partitions ?? []
    const kept = known.filter((partition) => !partitions.includes(partition))
    const next = change === 'add' ? [...kept, ...partitions].sort((a, b) => a - b) : kept
    if (next.length === 0) merged.delete(topicId)
    else merged.set(topicId, { topicId, topicName, partitions: next })
  }
  return [...merged.values()]
}

import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { ShareGroupHeartbeatRequest } from '../../protocol/messages/76-share-group-heartbeat.ts'
import type { TimerWheel } from '../../timer-wheel.ts'
import type { Group } from '../group.ts'
import type { GroupKind, GroupKindRecord } from '../group-kind.ts'
import type { HostedGroups } from '../hosted-groups.ts'
import { ShareGroup, withPartitions } from './share-group.ts'
import {
  decodeShareGroupRecord,
  encodeShareGroupRecord,
  type NamedTopicPartitions,
  type ShareGroupRecord,
  shareGroupKeyTypes,
} from './share-group-records.ts'
import {
  findHeartbeatFault,
  heartbeat,
  heartbeatFailure,
  leaveEpoch,
  type ShareHeartbeatAnswer,
  type ShareHeartbeatContext,
  unknownMember,
} from './share-heartbeat.ts'

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

export interface ShareGroupsOptions {
  keeper: ShareStateKeeper
  sessionTimeoutMs: (groupId: string) => number
  findTopic: ShareHeartbeatContext['findTopic']
  timers: TimerWheel
}

/** The share groups of one partition of `__consumer_offsets`, and what members and administrators ask of them. */
export class ShareGroups implements GroupKind {
  readonly keyTypes = shareGroupKeyTypes
  readonly #hosted: HostedGroups
  readonly #options: ShareGroupsOptions
  /** Groups whose share partitions are being made known to the share coordinator. */
  readonly #initializing = new Map<ShareGroup, Promise<boolean>>()

  constructor(hosted: HostedGroups, options: ShareGroupsOptions) {
    this.#hosted = hosted
    this.#options = options
  }

  replay(kindRecord: GroupKindRecord): void {
    const { groupId, record } = decodeShareGroupRecord(kindRecord)
    const group = this.find(groupId)
    if (group === undefined && record.value === null) return
    ;(group ?? this.#host(groupId)).apply(record)
    if (record.kind === 'states' && record.value === null && group !== undefined) {
      // The last of the records that remove a group.
      if (group.isEmpty && group.epoch === 0) this.#hosted.remove(group, errorCodes.GROUP_ID_NOT_FOUND)
    }
  }

  find(groupId: string): ShareGroup | undefined {
    const group = this.#hosted.find(groupId)?.group
    return group instanceof ShareGroup ? group : undefined
  }

  /** Why offsets cannot be set; a group that is not there is made by it. */
  alterError(groupId: string): ErrorCode {
    const hosted = this.#hosted.find(groupId)?.group
    if (hosted instanceof ShareGroup) return hosted.isEmpty ? errorCodes.NONE : errorCodes.NON_EMPTY_GROUP
    return isFree(hosted) ? errorCodes.NONE : errorCodes.GROUP_ID_NOT_FOUND
  }

  async heartbeat(
    request: ShareGroupHeartbeatRequest,
    context: Omit<ShareHeartbeatContext, 'findTopic'>,
  ): Promise<ShareHeartbeatAnswer> {
    const fault = findHeartbeatFault(request)
    if (fault !== undefined) return heartbeatFailure(errorCodes.INVALID_REQUEST, fault)
    try {
      const group = this.#require(request.groupId, request.memberEpoch === 0)
      if (request.memberEpoch === leaveEpoch) return await this.#leave(group, request.memberId)
      const answer = await this.#heartbeat(group, request, context)
      if (answer.errorCode !== errorCodes.NONE || !(await this.#initializeInTime(group))) return answer
      // There is more to assign now.
      return await this.#heartbeat(group, { ...request, memberEpoch: answer.memberEpoch }, context)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return heartbeatFailure(error.code, error.message)
    }
  }

  /** Sets where the group goes on reading. See `alterError`. Rejects with KafkaError. */
  async alterOffset(groupId: string, topic: NamedTopicPartitions, startOffset: number): Promise<void> {
    const group = this.#require(groupId, true)
    const stateEpoch = group.epoch + 1
    await this.#write(group, [
      { kind: 'group', value: { epoch: stateEpoch, metadataHash: group.metadataHash } },
      this.#statesWith(group, [topic], 'initializingTopics', 'add'),
    ])
    for (const partition of topic.partitions) {
      await this.#options.keeper.initialize({ groupId, topicId: topic.topicId, partition }, { stateEpoch, startOffset })
    }
    await this.#write(group, [
      this.#statesWith(group, [topic], 'initializingTopics', 'remove'),
      this.#statesWith(group, [topic], 'initializedTopics', 'add'),
    ])
  }

  /** Forgets how far the group has read these topics. Rejects with KafkaError. */
  async removeStates(group: ShareGroup, topicIds: ReadonlySet<string>): Promise<void> {
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
    await this.#write(group, this.#withoutTopics(group, topicIds))
  }

  /** Before the group is deleted. */
  async removeAllStates(group: ShareGroup): Promise<ErrorCode> {
    const { initializedTopics, initializingTopics } = group.states
    try {
      await this.removeStates(
        group,
        new Set([...initializedTopics, ...initializingTopics].map(({ topicId }) => topicId)),
      )
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
      await this.#hosted.append(group.carryOut(this.#withoutTopics(group, new Set(gone))))
    }
  }

  /** What was deleted while nobody coordinated these groups. */
  async removeOrphans(): Promise<void> {
    const names = new Map<string, string>()
    for (const { group } of this.#hosted) {
      if (!(group instanceof ShareGroup)) continue
      for (const { topicId, topicName } of group.states.initializedTopics) names.set(topicId, topicName)
    }
    const isGone = (topicId: string) => {
      const name = names.get(topicId)
      return name !== undefined && this.#options.findTopic(name)?.id !== topicId
    }
    await this.topicsDeleted(isGone)
  }

  async #removeState(key: ShareStateKey): Promise<void> {
    try {
      await this.#options.keeper.remove(key)
    } catch (error) {
      // A topic that is gone has taken its state with it.
      if (!(error instanceof KafkaError && error.code === errorCodes.UNKNOWN_TOPIC_OR_PARTITION)) throw error
    }
  }

  #require(groupId: string, mayCreate: boolean): ShareGroup {
    const hosted = this.#hosted.find(groupId)?.group
    if (hosted instanceof ShareGroup) return hosted
    if (isFree(hosted) && mayCreate) return this.#host(groupId)
    const message =
      hosted === undefined ? `Share group ${groupId} not found.` : `Group ${groupId} is not a share group.`
    throw new KafkaError(errorCodes.GROUP_ID_NOT_FOUND, message)
  }

  #host(groupId: string): ShareGroup {
    const group = new ShareGroup(groupId, () => this.#options.sessionTimeoutMs(groupId))
    this.#hosted.put(group)
    return group
  }

  async #leave(group: ShareGroup, memberId: string): Promise<ShareHeartbeatAnswer> {
    if (!group.members.has(memberId)) throw unknownMember(group, memberId)
    this.#hosted.run(group, [{ kind: 'stopTimer', timer: memberId }])
    await this.#write(group, group.removeMember(memberId))
    return { errorCode: errorCodes.NONE, memberId, memberEpoch: leaveEpoch, heartbeatIntervalMs: 0 }
  }

  async #heartbeat(
    group: ShareGroup,
    request: ShareGroupHeartbeatRequest,
    context: Omit<ShareHeartbeatContext, 'findTopic'>,
  ): Promise<ShareHeartbeatAnswer> {
    const { findTopic } = this.#options
    const { records, answer } = heartbeat(group, request, { ...context, findTopic })
    this.#hosted.run(group, [group.keepAlive(request.memberId)])
    if (records.length === 0) return answer
    await this.#append(group, records)
    return answer
  }

  /** Whether there is something new to assign. */
  async #initializeInTime(group: ShareGroup): Promise<boolean> {
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
    await this.#write(group, [this.#statesWith(group, missing, 'initializingTopics', 'add')])
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
      this.#statesWith(group, missing, 'initializingTopics', 'remove'),
      this.#statesWith(group, done, 'initializedTopics', 'add'),
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

  /** Applied one after the other: each is made from what the one before has left. */
  #statesWith(
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

  #withoutTopics(group: ShareGroup, topicIds: ReadonlySet<string>): ShareGroupRecord[] {
    const { initializedTopics, initializingTopics } = group.states
    const isKept = ({ topicId }: { topicId: string }) => !topicIds.has(topicId)
    const value = {
      initializedTopics: initializedTopics.filter(isKept),
      initializingTopics: initializingTopics.filter(isKept),
      deletingTopics: [],
    }
    return [{ kind: 'states', value }]
  }

  async #write(group: ShareGroup, changes: readonly (ShareGroupRecord | (() => ShareGroupRecord))[]): Promise<void> {
    const records = changes.map((change) => {
      const record = typeof change === 'function' ? change() : change
      group.apply(record)
      return record
    })
    await this.#append(group, records)
  }

  /** Records that are applied already. */
  async #append(group: ShareGroup, records: readonly ShareGroupRecord[]): Promise<void> {
    const errorCode: ErrorCode = await this.#hosted.append(
      records.map((record) => encodeShareGroupRecord(group.groupId, record)),
    )
    if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
  }
}

/** A name under which nothing is kept any more is free for another kind. */
function isFree(group: Group | undefined): boolean {
  return group === undefined || (group.isEmpty && group.protocolType === undefined)
}

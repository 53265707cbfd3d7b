import { expect } from 'vitest'
import { ConsumerGroup } from '../../../../broker/group/consumer/consumer-group.ts'
import { ConsumerGroups } from '../../../../broker/group/consumer/consumer-groups.ts'
import { HostedGroups } from '../../../../broker/group/hosted-groups.ts'
import { MetadataCache } from '../../../../broker/metadata/cache.ts'
import { encodeMetadataRecord, type MetadataRecordBody } from '../../../../broker/metadata/records.ts'
import { errorCodes, errorName, KafkaError } from '../../../../broker/protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponseBody } from '../../../../broker/protocol/messages/68-consumer-group-heartbeat.ts'
import { Reader } from '../../../../broker/protocol/reader.ts'
import type { NewRecord } from '../../../../broker/record/build-batch.ts'
import { TimerWheel } from '../../../../broker/timer-wheel.ts'
import { seededRandom } from '../../../support/seeded-random.ts'
import { ManualClock, topic, topicIdOf } from '../group-broker.ts'

const classicLimits = { initialRebalanceDelayMs: 0, newMemberJoinTimeoutMs: 300_000, membersMax: 100 }
const rebalanceTimeoutMs = 20_000
const sessionTimeoutMs = 10_000

/** A client of KIP-848: what it believes of itself. */
interface Client {
  memberId: string
  readonly instanceId: string | undefined
  topics: string[]
  regex: string | undefined
  assignor: 'uniform' | 'range' | undefined
  epoch: number
  /** What it reads from now, and what it was last told to read. */
  owned: Set<string>
  assigned: Set<string>
  mustSayAll: boolean
  isDown: boolean
}

/** Clients around one coordinator that now and then loses a write or starts again from its log. */
export class ConsumerCrowd {
  readonly clock = new ManualClock()
  readonly metadata = new MetadataCache('cluster')
  readonly clients: Client[] = []
  readonly log: NewRecord[] = []
  readonly #random: () => number
  #timers = new TimerWheel(this.clock)
  #hosted: HostedGroups
  #groups: ConsumerGroups
  #failNextWrite = false
  #reloads = 0
  #names = 0
  #topics = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    for (let i = 0; i < 3; i++) this.createTopic()
    ;({ hosted: this.#hosted, groups: this.#groups } = this.#open())
    this.#hosted.activate()
  }

  get reloads(): number {
    return this.#reloads
  }

  get group(): ConsumerGroup {
    const group = this.#hosted.find('group')?.group
    if (!(group instanceof ConsumerGroup)) throw new Error('there is no consumer group')
    return group
  }

  async act(): Promise<void> {
    const client = this.#pick(this.clients)
    const dice = this.#random()
    if (client === undefined || (dice < 0.06 && this.clients.length < 8)) return this.#start()
    if (dice < 0.1) return this.#stop(client)
    if (dice < 0.13) return this.#crash(client)
    if (dice < 0.17) return this.#changeTopics(client)
    if (dice < 0.19 && this.#topics < 6) return this.createTopic()
    if (dice < 0.2) return this.#growTopic()
    if (dice < 0.215) {
      this.#failNextWrite = true
      return
    }
    if (dice < 0.225) return this.reload()
    if (dice < 0.4) return this.advance(Math.floor(this.#random() * 1_500))
    if (dice < 0.6) this.#reconcile(client)
    return this.beat(client, this.#random() < 0.05)
  }

  /** Everybody behaves from here on. */
  async settle(): Promise<void> {
    this.#failNextWrite = false
    for (let round = 0; round < 60; round++) {
      await this.advance(500)
      for (const client of [...this.clients]) {
        if (client.isDown) continue
        this.#reconcile(client)
        await this.beat(client, false)
      }
    }
  }

  check(): void {
    const owners = new Map<string, string>()
    for (const member of this.#hosted.find('group') === undefined ? [] : this.group.members) {
      for (const part of [member.assigned, member.pendingRevocation]) {
        for (const partition of partitionsIn(part)) {
          expect(owners.get(partition), `${partition} belongs to two`).toBeUndefined()
          owners.set(partition, member.memberId)
        }
      }
    }
    // What a member of good standing reads nobody else has.
    for (const client of this.clients) {
      const member = this.#hosted.find('group') === undefined ? undefined : this.group.find(client.memberId)
      if (client.isDown || member === undefined || client.epoch <= 0) continue
      if (client.epoch !== member.memberEpoch && client.epoch !== member.previousMemberEpoch) continue
      for (const partition of client.owned) expect([undefined, client.memberId]).toContain(owners.get(partition))
    }
  }

  checkSettled(): void {
    if (this.clients.length === 0) return
    expect(this.group.state).toBe('Stable')
    const expected = new Set<string>()
    for (const client of this.clients) for (const partition of this.#wanted(client)) expected.add(partition)
    const read = this.clients.flatMap(({ owned }) => [...owned])
    expect([...read].sort()).toEqual([...expected].sort())
    for (const client of this.clients) {
      const wanted = this.#wanted(client)
      for (const partition of client.owned) expect(wanted).toContain(partition)
    }
  }

  /** The log alone tells the same, whole and with only the last record of each key. */
  async checkLog(): Promise<void> {
    // A write that is lost here starts the coordinator again, which may write in turn.
    for (let reloads = -1; reloads !== this.#reloads; await this.#hosted.settled()) reloads = this.#reloads
    if (this.#hosted.find('group') === undefined) return
    const current = described(this.group)
    for (const records of [this.log, compacted(this.log)]) {
      const { hosted } = this.#open(records)
      const group = hosted.find('group')?.group
      expect(group instanceof ConsumerGroup ? described(group) : undefined).toEqual(current)
    }
  }

  async reload(): Promise<void> {
    this.#reloads += 1
    this.#hosted.close()
    this.#timers.close()
    this.#timers = new TimerWheel(this.clock)
    ;({ hosted: this.#hosted, groups: this.#groups } = this.#open())
    this.#hosted.activate()
    await this.#hosted.settled()
  }

  async advance(ms: number): Promise<void> {
    this.clock.timeMs += ms
    this.#timers.advance()
    await this.#hosted.settled()
  }

  createTopic(): void {
    const number = ++this.#topics
    this.#apply(...topic(`topic-${number}`, topicIdOf(number), 1 + Math.floor(this.#random() * 5)))
  }

  async beat(client: Client, isAnswerLost: boolean): Promise<void> {
    if (client.isDown) return
    const isJoining = client.epoch === 0
    const isFull = isJoining || client.mustSayAll
    const answer = await this.#groups.heartbeat('group', {
      memberId: client.memberId,
      memberEpoch: client.epoch,
      instanceId: client.instanceId,
      rackId: undefined,
      rebalanceTimeoutMs: isFull ? rebalanceTimeoutMs : undefined,
      subscribedTopicNames: isFull ? client.topics : undefined,
      subscribedTopicRegex: isFull ? (client.regex ?? '') : undefined,
      serverAssignor: isFull ? client.assignor : undefined,
      owned: isJoining ? [] : topicPartitions(client.owned),
      clientId: 'client',
      clientHost: '/127.0.0.1',
    })
    if (isAnswerLost) client.mustSayAll = true
    else this.#hear(client, answer)
  }

  #hear(client: Client, answer: ConsumerGroupHeartbeatResponseBody): void {
    switch (answer.errorCode) {
      case errorCodes.NONE:
        client.mustSayAll = false
        client.epoch = answer.memberEpoch
        if (answer.assignment) client.assigned = new Set(answer.assignment.topicPartitions.flatMap(keysOf))
        return
      case errorCodes.FENCED_MEMBER_EPOCH:
      case errorCodes.UNKNOWN_MEMBER_ID:
      case errorCodes.GROUP_ID_NOT_FOUND:
        client.epoch = 0
        client.owned = new Set()
        client.assigned = new Set()
        return
      case errorCodes.NOT_COORDINATOR:
      case errorCodes.COORDINATOR_NOT_AVAILABLE:
        client.mustSayAll = true
        return
      case errorCodes.UNRELEASED_INSTANCE_ID:
        return
      default:
        throw new Error(`unexpected ${errorName(answer.errorCode)}: ${answer.errorMessage}`)
    }
  }

  #reconcile(client: Client): void {
    if (client.epoch > 0) client.owned = new Set(client.assigned)
  }

  async #start(): Promise<void> {
    const isStatic = this.#random() < 0.3
    const instanceId = isStatic ? `instance-${Math.floor(this.#random() * 3)}` : undefined
    const holder = this.clients.find((other) => other.instanceId === instanceId && isStatic)
    if (holder !== undefined && !holder.isDown) return
    if (holder !== undefined) this.#forget(holder)
    const client: Client = {
      memberId: `m${++this.#names}`,
      instanceId,
      topics: this.#someTopics(),
      regex: this.#random() < 0.2 ? 'topic-[1-4]' : undefined,
      assignor: this.#random() < 0.3 ? 'range' : this.#random() < 0.5 ? 'uniform' : undefined,
      epoch: 0,
      owned: new Set(),
      assigned: new Set(),
      mustSayAll: true,
      isDown: false,
    }
    this.clients.push(client)
    await this.beat(client, false)
  }

  async #stop(client: Client): Promise<void> {
    const isForNow = client.instanceId !== undefined && this.#random() < 0.5
    if (client.isDown) return
    this.#forget(client)
    if (client.epoch <= 0) return
    client.owned = new Set()
    await this.#groups.heartbeat('group', {
      memberId: client.memberId,
      memberEpoch: isForNow ? -2 : -1,
      instanceId: client.instanceId,
      rackId: undefined,
      rebalanceTimeoutMs: undefined,
      subscribedTopicNames: undefined,
      subscribedTopicRegex: undefined,
      serverAssignor: undefined,
      owned: undefined,
      clientId: 'client',
      clientHost: '/127.0.0.1',
    })
  }

  #crash(client: Client): void {
    client.isDown = true
    this.#forget(client)
  }

  #forget(client: Client): void {
    this.clients.splice(this.clients.indexOf(client), 1)
  }

  #changeTopics(client: Client): void {
    client.topics = this.#someTopics()
    client.mustSayAll = true
  }

  #someTopics(): string[] {
    const names = Array.from({ length: this.#topics }, (_, i) => `topic-${i + 1}`)
    return names.filter(() => this.#random() < 0.6)
  }

  #growTopic(): void {
    const grown = this.#pick([...this.metadata.image.topics.values()])
    if (grown === undefined || grown.partitions.length > 8) return
    const records = topic(grown.name, grown.id, grown.partitions.length + 1)
    this.#apply(...records.slice(-1))
  }

  #apply(...records: MetadataRecordBody[]): void {
    const before = new Set(this.metadata.image.topics.keys())
    this.metadata.apply(records.map(encodeMetadataRecord), this.metadata.offset + records.length)
    this.#groups?.topicsChanged(new Set([...before, ...this.metadata.image.topics.keys()]))
  }

  #wanted(client: Client): Set<string> {
    const matched = client.regex === undefined ? [] : [1, 2, 3, 4].map((number) => `topic-${number}`)
    const partitions = new Set<string>()
    for (const name of [...client.topics, ...matched]) {
      const found = this.metadata.image.topics.get(name)
      for (const i of found?.partitions.keys() ?? []) partitions.add(`${found?.id} ${i}`)
    }
    return partitions
  }

  #open(records: readonly NewRecord[] = this.log): { hosted: HostedGroups; groups: ConsumerGroups } {
    const hosted = new HostedGroups({
      append: async (written) => {
        if (this.#failNextWrite) {
          this.#failNextWrite = false
          throw new KafkaError(errorCodes.NOT_ENOUGH_REPLICAS)
        }
        return this.log.push(...written) - written.length
      },
      reload: () => void this.reload(),
      timers: this.#timers,
      clock: this.clock,
    })
    const groups = new ConsumerGroups(hosted, {
      topics: this.metadata,
      assignors: ['uniform', 'range'],
      membersMax: 100,
      configOf: () => ({ sessionTimeoutMs, heartbeatIntervalMs: 3_000, assignmentIntervalMs: 1_000 }),
      migrationPolicy: 'bidirectional',
      classicLimits,
    })
    for (const { key, value } of records) {
      const keyReader = new Reader(key ?? Buffer.alloc(0))
      const keyType = keyReader.int16()
      const reader = value === null ? undefined : new Reader(value)
      const opened = reader === undefined ? undefined : { version: reader.int16(), reader }
      if (groups.keyTypes.includes(keyType)) groups.replay({ keyType, key: keyReader, value: opened })
    }
    return { hosted, groups }
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#random() * list.length)]
  }
}

function described(group: ConsumerGroup): unknown {
  return {
    epoch: group.groupEpoch,
    targetEpoch: group.targetEpoch,
    members: [...group.members]
      .map((member) => ({
        ...member,
        assigned: [...partitionsIn(member.assigned)].sort(),
        pendingRevocation: [...partitionsIn(member.pendingRevocation)].sort(),
        target: [...partitionsIn(group.targetOf(member.memberId))].sort(),
      }))
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1)),
  }
}

/** In the order of the last record of each key; of removed keys nothing is left. */
function compacted(log: readonly NewRecord[]): NewRecord[] {
  const last = new Map<string, NewRecord>()
  for (const record of log) {
    const key = record.key?.toString('hex') ?? ''
    last.delete(key)
    last.set(key, record)
  }
  return [...last.values()].filter(({ value }) => value !== null)
}

function* partitionsIn(assignment: ReadonlyMap<string, { keys(): Iterable<number> }>): Iterable<string> {
  for (const [topicId, partitions] of assignment)
    for (const partition of partitions.keys()) yield `${topicId} ${partition}`
}

function keysOf({ topicId, partitions }: { topicId: string; partitions: readonly number[] }): string[] {
  return partitions.map((partition) => `${topicId} ${partition}`)
}

function topicPartitions(keys: Iterable<string>): { topicId: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>()
  for (const key of keys) {
    const [topicId = '', partition] = key.split(' ')
    topics.set(topicId, [...(topics.get(topicId) ?? []), Number(partition)])
  }
  return [...topics].map(([topicId, partitions]) => ({ topicId, partitions }))
}

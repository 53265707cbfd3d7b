import type { Clock } from '../clock.ts'
import type { Shard } from '../coordinator/coordinator-shards.ts'
import { RecordWriter } from '../coordinator/record-writer.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../protocol/messages/11-join-group.ts'
import type { MemberIdentity, MemberResponseBody } from '../protocol/messages/13-leave-group.ts'
import type { SyncGroupResponseBody } from '../protocol/messages/14-sync-group.ts'
import type { GroupMetadataValue } from '../protocol/structures/group-metadata-record.ts'
import type { NewRecord } from '../record/build-batch.ts'
import { decodeRecords } from '../record/decode-records.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import { ClassicGroup, type ClassicGroupLimits } from './classic-group.ts'
import { joinFailure, syncFailure } from './group-answer.ts'
import type { GroupEffect, GroupTimer, GroupWrite } from './group-effect.ts'
import { decodeGroupRecord, type GroupRecord, groupRecord, offsetRecord } from './group-records.ts'
import type { Heartbeat, Join, Sync } from './group-request.ts'
import {
  type CommittedOffset,
  expiredOffsets,
  GroupOffsets,
  offsetCommitError,
  type TopicPartition,
} from './offsets.ts'

/** One group as this coordinator holds it. */
export interface HostedGroup {
  readonly group: ClassicGroup
  readonly offsets: GroupOffsets
}

interface RunningGroup extends HostedGroup {
  readonly timers: Map<GroupTimer, TimerHandle>
}

export interface GroupPartitionOptions {
  limits: ClassicGroupLimits
  append: (records: readonly NewRecord[]) => Promise<void>
  /** Whether the offset's topic is gone. */
  isOrphan: (offset: CommittedOffset) => boolean
  timers: TimerWheel
  clock: Clock
}

/**
 * The groups whose records are in one partition of `__consumer_offsets`: carries out what their state machines ask for and
 * keeps their offsets. Nothing is acknowledged, and no offset is visible, before its record is replicated.
 */
export class GroupPartition implements Shard {
  readonly #limits: ClassicGroupLimits
  readonly #timers: TimerWheel
  readonly #clock: Clock
  readonly #isOrphan: (offset: CommittedOffset) => boolean
  readonly #writer: RecordWriter
  readonly #groups = new Map<string, RunningGroup>()
  readonly #joins = new Map<number, (response: JoinGroupResponseBody) => void>()
  readonly #syncs = new Map<number, (response: SyncGroupResponseBody) => void>()
  #nextRequest = 0
  #unavailability: ErrorCode | undefined = errorCodes.COORDINATOR_LOAD_IN_PROGRESS

  constructor({ limits, append, isOrphan, timers, clock }: GroupPartitionOptions) {
    this.#limits = limits
    this.#isOrphan = isOrphan
    this.#timers = timers
    this.#clock = clock
    this.#writer = new RecordWriter(append)
  }

  get unavailability(): ErrorCode | undefined {
    return this.#unavailability
  }

  get groups(): Iterable<HostedGroup> {
    return this.#groups.values()
  }

  replay(batch: RecordBatch): void {
    if (batch.isControl) return
    for (const { key, value } of decodeRecords(batch)) {
      const record = key === null ? undefined : decodeGroupRecord(key, value)
      if (record !== undefined) this.#replayRecord(record)
    }
  }

  async activate(): Promise<void> {
    this.#unavailability = undefined
    for (const hosted of this.#groups.values()) this.#run(hosted, hosted.group.activate(this.#clock.nowMs()))
    await this.removeOrphans(this.#isOrphan)
  }

  close(): void {
    this.#unavailability = errorCodes.NOT_COORDINATOR
    for (const hosted of this.#groups.values()) this.#unhost(hosted, errorCodes.NOT_COORDINATOR)
  }

  find(groupId: string): HostedGroup | undefined {
    return this.#groups.get(groupId)
  }

  join(groupId: string, join: Omit<Join, 'request'>): Promise<JoinGroupResponseBody> {
    const isNew = !this.#groups.has(groupId)
    if (isNew && join.memberId !== '') {
      return Promise.resolve(joinFailure(join.memberId, errorCodes.UNKNOWN_MEMBER_ID))
    }
    const hosted = this.#getOrHost(groupId)
    if (isNew) this.#run(hosted, hosted.group.create())
    const request = this.#nextRequest++
    return new Promise((resolve) => {
      this.#joins.set(request, resolve)
      this.#run(hosted, hosted.group.join({ ...join, request }, this.#clock.nowMs()))
    })
  }

  sync(groupId: string, sync: Omit<Sync, 'request'>): Promise<SyncGroupResponseBody> {
    const hosted = this.#groups.get(groupId)
    if (hosted === undefined) return Promise.resolve(syncFailure(errorCodes.UNKNOWN_MEMBER_ID))
    const request = this.#nextRequest++
    return new Promise((resolve) => {
      this.#syncs.set(request, resolve)
      this.#run(hosted, hosted.group.sync({ ...sync, request }))
    })
  }

  heartbeat(groupId: string, heartbeat: Heartbeat): ErrorCode {
    const hosted = this.#groups.get(groupId)
    if (hosted === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    const { errorCode, effects } = hosted.group.heartbeat(heartbeat)
    this.#run(hosted, effects)
    return errorCode
  }

  async leave(groupId: string, identities: readonly MemberIdentity[]): Promise<readonly MemberResponseBody[]> {
    const hosted = this.#groups.get(groupId)
    if (hosted === undefined) {
      return identities.map(({ memberId, groupInstanceId }) => {
        return { memberId, groupInstanceId, errorCode: errorCodes.UNKNOWN_MEMBER_ID }
      })
    }
    const { members, effects } = hosted.group.leave(identities, this.#clock.nowMs())
    this.#run(hosted, effects)
    await this.#writer.settled()
    return members
  }

  async commitOffsets(
    groupId: string,
    sender: Heartbeat,
    offsets: readonly CommittedOffset[],
    apiVersion: number,
  ): Promise<ErrorCode> {
    if (!this.#groups.has(groupId) && sender.generationId >= 0) {
      return apiVersion >= 9 ? errorCodes.GROUP_ID_NOT_FOUND : errorCodes.ILLEGAL_GENERATION
    }
    const hosted = this.#getOrHost(groupId)
    const errorCode = offsetCommitError(hosted.group, sender)
    if (errorCode !== undefined) return errorCode
    this.#run(hosted, hosted.group.keepAlive(sender.memberId))
    const records = offsets.map(({ topic, partition, value }) => {
      return offsetRecord({ group: groupId, topic, partition }, value)
    })
    return this.#write(records, () => {
      const { offsets: committed } = this.#getOrHost(groupId)
      for (const offset of offsets) committed.put(offset, offset.value)
    })
  }

  /** The group's offsets, after everything that was being written when they were asked for, if `isStable`. */
  async fetchOffsets(groupId: string, isStable: boolean): Promise<GroupOffsets | undefined> {
    if (isStable) await this.#writer.settled()
    return this.#groups.get(groupId)?.offsets
  }

  removeOffsets(groupId: string, offsets: readonly TopicPartition[]): Promise<ErrorCode> {
    const records = offsets.map(({ topic, partition }) => offsetRecord({ group: groupId, topic, partition }, null))
    return this.#write(records, () => {
      for (const offset of offsets) this.#groups.get(groupId)?.offsets.remove(offset)
    })
  }

  async deleteGroup(groupId: string): Promise<ErrorCode> {
    const hosted = this.#groups.get(groupId)
    if (hosted === undefined) return errorCodes.GROUP_ID_NOT_FOUND
    if (hosted.group.state !== 'Empty') return errorCodes.NON_EMPTY_GROUP
    return this.#removeWithGroup(hosted, [...hosted.offsets])
  }

  /** Deletes what has expired, and groups of which nothing is left. */
  async expire(retentionMs: number): Promise<void> {
    const nowMs = this.#clock.nowMs()
    const removals: Promise<ErrorCode>[] = []
    for (const hosted of this.#groups.values()) {
      const { group, offsets } = hosted
      const expired = expiredOffsets(group, offsets, nowMs, retentionMs)
      const isAll = expired.length === [...offsets].length
      if (isAll && group.state === 'Empty') removals.push(this.#removeWithGroup(hosted, expired))
      else if (expired.length > 0) removals.push(this.removeOffsets(group.groupId, expired))
    }
    await Promise.all(removals)
  }

  /** Offsets of a topic that is gone would otherwise be taken for those of a later topic of the same name. */
  async removeOrphans(isOrphan: (offset: CommittedOffset) => boolean): Promise<void> {
    const removals: Promise<ErrorCode>[] = []
    for (const { group, offsets } of this.#groups.values()) {
      const orphans = [...offsets].filter(isOrphan)
      if (orphans.length > 0) removals.push(this.removeOffsets(group.groupId, orphans))
    }
    await Promise.all(removals)
  }

  #removeWithGroup(hosted: RunningGroup, offsets: readonly TopicPartition[]): Promise<ErrorCode> {
    const { groupId } = hosted.group
    const records = offsets.map(({ topic, partition }) => offsetRecord({ group: groupId, topic, partition }, null))
    return this.#write([...records, groupRecord(groupId, null)], () => {
      for (const offset of offsets) hosted.offsets.remove(offset)
      // A member may have joined while the records were written; then its record comes after ours.
      if (hosted.group.state === 'Empty' && hosted.offsets.isEmpty) this.#unhost(hosted, errorCodes.UNKNOWN_MEMBER_ID)
    })
  }

  #replayRecord(record: GroupRecord): void {
    if (record.kind === 'group') {
      this.#replayGroup(record.group, record.value)
      return
    }
    const { key, value } = record
    if (value !== null) this.#getOrHost(key.group).offsets.put(key, value)
    else this.#groups.get(key.group)?.offsets.remove(key)
  }

  #replayGroup(groupId: string, value: GroupMetadataValue | null): void {
    const offsets = this.#groups.get(groupId)?.offsets ?? new GroupOffsets()
    if (value !== null) {
      const group = ClassicGroup.restore(groupId, this.#limits, value)
      this.#groups.set(groupId, { group, offsets, timers: new Map() })
    } else if (offsets.isEmpty) {
      this.#groups.delete(groupId)
    } else {
      this.#groups.set(groupId, { group: new ClassicGroup(groupId, this.#limits), offsets, timers: new Map() })
    }
  }

  #getOrHost(groupId: string): RunningGroup {
    let hosted = this.#groups.get(groupId)
    if (hosted === undefined) {
      const group = new ClassicGroup(groupId, this.#limits, this.#clock.nowMs())
      hosted = { group, offsets: new GroupOffsets(), timers: new Map() }
      this.#groups.set(groupId, hosted)
    }
    return hosted
  }

  #unhost(hosted: RunningGroup, errorCode: ErrorCode): void {
    this.#run(hosted, hosted.group.close(errorCode))
    for (const timer of hosted.timers.values()) timer.cancel()
    hosted.timers.clear()
    this.#groups.delete(hosted.group.groupId)
  }

  #run(hosted: RunningGroup, effects: readonly GroupEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'answerJoin':
          this.#joins.get(effect.request)?.(effect.response)
          this.#joins.delete(effect.request)
          break
        case 'answerSync':
          this.#syncs.get(effect.request)?.(effect.response)
          this.#syncs.delete(effect.request)
          break
        case 'startTimer':
          this.#startTimer(hosted, effect.timer, effect.delayMs)
          break
        case 'stopTimer':
          hosted.timers.get(effect.timer)?.cancel()
          hosted.timers.delete(effect.timer)
          break
        case 'write':
          this.#writeGroup(hosted, effect.write)
          break
      }
    }
  }

  #startTimer(hosted: RunningGroup, timer: GroupTimer, delayMs: number): void {
    hosted.timers.get(timer)?.cancel()
    const handle = this.#timers.schedule(delayMs, () => {
      hosted.timers.delete(timer)
      this.#run(hosted, hosted.group.timerFired(timer, this.#clock.nowMs()))
    })
    hosted.timers.set(timer, handle)
  }

  #writeGroup(hosted: RunningGroup, write: GroupWrite): void {
    const { group } = hosted
    this.#writer.write([groupRecord(group.groupId, write.value)], ({ errorCode }) => {
      if (group.state !== 'Dead') this.#run(hosted, group.written(write, errorCode, this.#clock.nowMs()))
    })
  }

  #write(records: readonly NewRecord[], apply: () => void): Promise<ErrorCode> {
    return new Promise((resolve) => {
      this.#writer.write(records, ({ errorCode, isInLog }) => {
        if (isInLog && this.#unavailability === undefined) apply()
        resolve(errorCode)
      })
    })
  }
}

import { decode } from '../../protocol/codec.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../../protocol/messages/11-join-group.ts'
import type { MemberIdentity, MemberResponseBody } from '../../protocol/messages/13-leave-group.ts'
import type { SyncGroupResponseBody } from '../../protocol/messages/14-sync-group.ts'
import { groupMetadataKey, groupMetadataValue } from '../../protocol/structures/group-metadata-record.ts'
import { ConsumerGroup } from '../consumer/consumer-group.ts'
import type { GroupKind, GroupKindRecord } from '../group-kind.ts'
import { groupMetadataKeyType } from '../group-records.ts'
import type { HostedGroup, HostedGroups } from '../hosted-groups.ts'
import { joinFailure, syncFailure } from './classic-answer.ts'
import { ClassicGroup, type ClassicGroupLimits } from './classic-group.ts'
import type { Heartbeat, Join, Sync } from './classic-request.ts'

/** The classic groups of one partition of `__consumer_offsets`, and what their members ask for. */
export class ClassicGroups implements GroupKind {
  readonly keyTypes = [groupMetadataKeyType]
  readonly #hosted: HostedGroups
  readonly #limits: ClassicGroupLimits

  constructor(hosted: HostedGroups, limits: ClassicGroupLimits) {
    this.#hosted = hosted
    this.#limits = limits
  }

  replay({ key, value }: GroupKindRecord): void {
    const { group: groupId } = decode(groupMetadataKey, 0, key)
    if (value !== undefined) {
      const restored = decode(groupMetadataValue, value.version, value.reader)
      this.#hosted.put(new ClassicGroup(groupId, this.#limits, undefined, restored))
      return
    }
    const hosted = this.#hosted.find(groupId)
    // Of a group of another kind that has taken the name this says nothing.
    if (!(hosted?.group instanceof ClassicGroup)) return
    if (hosted.offsets.isEmpty) this.#hosted.remove(hosted.group, errorCodes.UNKNOWN_MEMBER_ID)
    else this.#hosted.put(new ClassicGroup(groupId, this.#limits))
  }

  /** A name under which offsets are kept, if it is nothing more yet. */
  getOrHost(groupId: string): HostedGroup {
    const hosted = this.#hosted.find(groupId)
    return hosted ?? this.#hosted.put(new ClassicGroup(groupId, this.#limits, this.#hosted.clock.nowMs()))
  }

  join(groupId: string, join: Omit<Join, 'request'>): Promise<JoinGroupResponseBody> {
    const isNew = this.#hosted.find(groupId) === undefined
    if (isNew && join.memberId !== '') {
      return Promise.resolve(joinFailure(join.memberId, errorCodes.UNKNOWN_MEMBER_ID))
    }
    let { group } = this.getOrHost(groupId)
    if (group instanceof ConsumerGroup && group.isEmpty) group = this.#replaceEmpty(group)
    if (group instanceof ConsumerGroup) return this.#joinConsumerGroup(group, join)
    if (!(group instanceof ClassicGroup)) {
      return Promise.resolve(joinFailure(join.memberId, errorCodes.INCONSISTENT_GROUP_PROTOCOL))
    }
    const classic = group
    if (isNew) this.#hosted.run(classic, classic.create())
    return this.#hosted.waitForJoin((request) => {
      this.#hosted.run(classic, classic.join({ ...join, request }, this.#hosted.clock.nowMs()))
    })
  }

  async sync(groupId: string, sync: Omit<Sync, 'request'>): Promise<SyncGroupResponseBody> {
    const group = this.#find(groupId)
    if (group === undefined) return syncFailure(errorCodes.UNKNOWN_MEMBER_ID)
    if (group instanceof ConsumerGroup) {
      const { response, effects } = group.classicMembers.sync(sync)
      const errorCode = await this.#hosted.complete(group, effects)
      return errorCode === errorCodes.NONE ? response : syncFailure(errorCode)
    }
    return this.#hosted.waitForSync((request) => {
      this.#hosted.run(group, group.sync({ ...sync, request }))
    })
  }

  heartbeat(groupId: string, heartbeat: Heartbeat): ErrorCode {
    const group = this.#find(groupId)
    if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    const members = group instanceof ConsumerGroup ? group.classicMembers : group
    const { errorCode, effects } = members.heartbeat(heartbeat)
    this.#hosted.run(group, effects)
    return errorCode
  }

  async leave(groupId: string, identities: readonly MemberIdentity[]): Promise<readonly MemberResponseBody[]> {
    const group = this.#find(groupId)
    if (group === undefined) {
      return identities.map(({ memberId, groupInstanceId }) => {
        return { memberId, groupInstanceId, errorCode: errorCodes.UNKNOWN_MEMBER_ID }
      })
    }
    const nowMs = this.#hosted.clock.nowMs()
    if (group instanceof ConsumerGroup) return this.#leaveConsumerGroup(group, identities, nowMs)
    const { members, effects } = group.leave(identities, nowMs)
    this.#hosted.run(group, effects)
    await this.#hosted.settled()
    return members
  }

  async #joinConsumerGroup(group: ConsumerGroup, join: Omit<Join, 'request'>): Promise<JoinGroupResponseBody> {
    const { response, effects } = group.classicMembers.join(join, this.#hosted.clock.nowMs())
    const errorCode = await this.#hosted.complete(group, effects)
    return errorCode === errorCodes.NONE ? response : joinFailure(join.memberId, errorCode)
  }

  async #leaveConsumerGroup(
    group: ConsumerGroup,
    identities: readonly MemberIdentity[],
    nowMs: number,
  ): Promise<readonly MemberResponseBody[]> {
    const { members, leaving } = group.classicMembers.leave(identities)
    const ids = leaving.map(({ memberId }) => memberId)
    const errorCode = await this.#hosted.complete(group, group.remove(ids, nowMs))
    if (errorCode === errorCodes.NONE) return members
    return identities.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId, errorCode }))
  }

  /** A group that nobody is in has no protocol to keep. */
  #replaceEmpty(group: ConsumerGroup): ClassicGroup {
    const classic = new ClassicGroup(group.groupId, this.#limits, this.#hosted.clock.nowMs())
    this.#hosted.run(group, [{ kind: 'append', records: group.removal() }])
    this.#hosted.put(classic)
    this.#hosted.run(classic, classic.create())
    return classic
  }

  #find(groupId: string): ClassicGroup | ConsumerGroup | undefined {
    const group = this.#hosted.find(groupId)?.group
    return group instanceof ClassicGroup || group instanceof ConsumerGroup ? group : undefined
  }
}

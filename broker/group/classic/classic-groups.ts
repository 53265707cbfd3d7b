import { decode } from '../../protocol/codec.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../../protocol/messages/11-join-group.ts'
import type { MemberIdentity, MemberResponseBody } from '../../protocol/messages/13-leave-group.ts'
import type { SyncGroupResponseBody } from '../../protocol/messages/14-sync-group.ts'
import { groupMetadataKey, groupMetadataValue } from '../../protocol/structures/group-metadata-record.ts'
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
    const { group } = this.getOrHost(groupId)
    if (!(group instanceof ClassicGroup)) {
      return Promise.resolve(joinFailure(join.memberId, errorCodes.INCONSISTENT_GROUP_PROTOCOL))
    }
    if (isNew) this.#hosted.run(group, group.create())
    return this.#hosted.waitForJoin((request) => {
      this.#hosted.run(group, group.join({ ...join, request }, this.#hosted.clock.nowMs()))
    })
  }

  sync(groupId: string, sync: Omit<Sync, 'request'>): Promise<SyncGroupResponseBody> {
    const group = this.#find(groupId)
    if (group === undefined) return Promise.resolve(syncFailure(errorCodes.UNKNOWN_MEMBER_ID))
    return this.#hosted.waitForSync((request) => {
      this.#hosted.run(group, group.sync({ ...sync, request }))
    })
  }

  heartbeat(groupId: string, heartbeat: Heartbeat): ErrorCode {
    const group = this.#find(groupId)
    if (group === undefined) return errorCodes.UNKNOWN_MEMBER_ID
    const { errorCode, effects } = group.heartbeat(heartbeat)
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
    const { members, effects } = group.leave(identities, this.#hosted.clock.nowMs())
    this.#hosted.run(group, effects)
    await this.#hosted.settled()
    return members
  }

  #find(groupId: string): ClassicGroup | undefined {
    const group = this.#hosted.find(groupId)?.group
    return group instanceof ClassicGroup ? group : undefined
  }
}

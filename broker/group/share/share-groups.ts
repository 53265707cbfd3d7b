import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { ShareGroupHeartbeatRequest } from '../../protocol/messages/76-share-group-heartbeat.ts'
import type { Group } from '../group.ts'
import type { GroupKind, GroupKindRecord } from '../group-kind.ts'
import type { HostedGroups } from '../hosted-groups.ts'
import { appendShareGroupRecords } from './append-share-group-records.ts'
import { ShareGroup } from './share-group.ts'
import { decodeShareGroupRecord, type NamedTopicPartitions, shareGroupKeyTypes } from './share-group-records.ts'
import { ShareGroupStates, type ShareGroupStatesOptions } from './share-group-states.ts'
import {
  findHeartbeatFault,
  heartbeat,
  heartbeatFailure,
  leaveEpoch,
  type ShareHeartbeatAnswer,
  type ShareHeartbeatContext,
  unknownMember,
} from './share-heartbeat.ts'

export interface ShareGroupsOptions extends ShareGroupStatesOptions {
  sessionTimeoutMs: (groupId: string) => number
}

/** The share groups of one partition of `__consumer_offsets`, and what members and administrators ask of them. */
export class ShareGroups implements GroupKind {
  readonly keyTypes = shareGroupKeyTypes
  /** What the share coordinator keeps for these groups. */
  readonly states: ShareGroupStates
  readonly #hosted: HostedGroups
  readonly #options: ShareGroupsOptions

  constructor(hosted: HostedGroups, options: ShareGroupsOptions) {
    this.#hosted = hosted
    this.#options = options
    this.states = new ShareGroupStates(hosted, options)
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

  /** Sets where the group goes on reading. See `alterError`. Rejects with KafkaError. */
  async alterOffset(groupId: string, topic: NamedTopicPartitions, startOffset: number): Promise<void> {
    await this.states.setStart(this.#require(groupId, true), topic, startOffset)
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
      if (answer.errorCode !== errorCodes.NONE || !(await this.states.initializeInTime(group))) return answer
      // There is more to assign now.
      return await this.#heartbeat(group, { ...request, memberEpoch: answer.memberEpoch }, context)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return heartbeatFailure(error.code, error.message)
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
    const records = group.removeMember(memberId)
    for (const record of records) group.apply(record)
    await appendShareGroupRecords(this.#hosted, group, records)
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
    await appendShareGroupRecords(this.#hosted, group, records)
    return answer
  }
}

/** A name under which nothing is kept any more is free for another kind. */
function isFree(group: Group | undefined): boolean {
  return group === undefined || (group.isEmpty && group.protocolType === undefined)
}

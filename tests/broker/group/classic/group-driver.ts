import { ClassicGroup, type ClassicGroupLimits } from '../../../../broker/group/classic/classic-group.ts'
import type { Join, Sync } from '../../../../broker/group/classic/classic-request.ts'
import type { GroupEffect, GroupWrite } from '../../../../broker/group/group-effect.ts'
import { decode } from '../../../../broker/protocol/codec.ts'
import { type ErrorCode, errorCodes } from '../../../../broker/protocol/errors.ts'
import type { JoinGroupResponseBody } from '../../../../broker/protocol/messages/11-join-group.ts'
import type { SyncGroupResponseBody } from '../../../../broker/protocol/messages/14-sync-group.ts'
import { Reader } from '../../../../broker/protocol/reader.ts'
import {
  type GroupMetadataValue,
  groupMetadataValue,
} from '../../../../broker/protocol/structures/group-metadata-record.ts'

export const sessionTimeoutMs = 10_000
export const rebalanceTimeoutMs = 60_000

const defaultLimits: ClassicGroupLimits = {
  initialRebalanceDelayMs: 0,
  newMemberJoinTimeoutMs: 300_000,
  membersMax: 100,
}

/** Runs one group on a clock of its own: keeps its timers, its answers and what it writes. */
export class GroupDriver {
  group: ClassicGroup
  nowMs = 1_000_000
  readonly joinAnswers = new Map<number, JoinGroupResponseBody>()
  readonly syncAnswers = new Map<number, SyncGroupResponseBody>()
  readonly timers = new Map<string, number>()
  readonly unfinishedWrites: GroupWrite[] = []
  readonly limits: ClassicGroupLimits
  #nextRequest = 1

  constructor(limits: Partial<ClassicGroupLimits> = {}) {
    this.limits = { ...defaultLimits, ...limits }
    this.group = new ClassicGroup('group', this.limits, this.nowMs)
  }

  /** Gives the number of the request. The member's new id is `m` and that number. */
  join(join: Partial<Join> = {}): number {
    const request = this.#nextRequest++
    const effects = this.group.join(
      {
        request,
        memberId: '',
        newMemberId: `m${request}`,
        groupInstanceId: null,
        clientId: 'client',
        clientHost: '/127.0.0.1',
        protocolType: 'consumer',
        protocols: protocols('range'),
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        requiresKnownMemberId: false,
        canSkipAssignment: true,
        ...join,
      },
      this.nowMs,
    )
    this.run(effects)
    return request
  }

  sync(sync: Pick<Sync, 'memberId'> & Partial<Sync>): number {
    const request = this.#nextRequest++
    const generationId = this.group.generationId
    const effects = this.group.sync({
      request,
      groupInstanceId: null,
      generationId,
      protocolType: null,
      protocolName: null,
      assignments: [],
      ...sync,
    })
    this.run(effects)
    return request
  }

  heartbeat(
    memberId: string,
    generationId = this.group.generationId,
    groupInstanceId: string | null = null,
  ): ErrorCode {
    const { errorCode, effects } = this.group.heartbeat({ memberId, groupInstanceId, generationId })
    this.run(effects)
    return errorCode
  }

  leave(...members: { memberId: string; groupInstanceId?: string | undefined }[]): number[] {
    const identities = members.map(({ memberId, groupInstanceId = null }) => ({
      memberId,
      groupInstanceId,
      reason: null,
    }))
    const { members: answers, effects } = this.group.leave(identities, this.nowMs)
    this.run(effects)
    return answers.map(({ errorCode }) => errorCode)
  }

  /** Moves the clock and fires what is due on the way, in order. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const [next] = [...this.timers].sort((a, b) => a[1] - b[1])
      if (next === undefined || next[1] > untilMs) break
      this.fire(next[0])
    }
    this.nowMs = untilMs
  }

  fire(timer: string): void {
    this.nowMs = Math.max(this.nowMs, this.timers.get(timer) ?? 0)
    this.timers.delete(timer)
    this.run(this.group.timerFired(timer, this.nowMs))
  }

  finishWrites(errorCode: ErrorCode = errorCodes.NONE): void {
    for (const write of this.unfinishedWrites.splice(0)) this.run(write.written(errorCode, this.nowMs))
  }

  /** The group's metadata as it is being written, or undefined. */
  get written(): GroupMetadataValue | undefined {
    const value = this.unfinishedWrites.at(-1)?.records[0]?.value
    if (value === undefined || value === null) return undefined
    const reader = new Reader(value)
    return decode(groupMetadataValue, reader.int16(), reader)
  }

  /** Members with these instances (null: dynamic) joined, synced and Stable. Gives their ids, the leader first. */
  stabilise(...instances: (string | null)[]): string[] {
    const requests = instances.map((groupInstanceId) => this.join({ groupInstanceId }))
    this.advance(0)
    const ids = requests.map((request) => `m${request}`)
    const assignments = ids.map((memberId) => ({ memberId, assignment: Buffer.from(`to ${memberId}`) }))
    for (const [i, memberId] of ids.entries()) {
      this.sync({ memberId, groupInstanceId: instances[i] ?? null, assignments: i === 0 ? assignments : [] })
    }
    this.finishWrites()
    return ids
  }

  run(effects: readonly GroupEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'answerJoin':
          if (this.joinAnswers.has(effect.request)) throw new Error(`join ${effect.request} was answered twice`)
          this.joinAnswers.set(effect.request, effect.response)
          break
        case 'answerSync':
          if (this.syncAnswers.has(effect.request)) throw new Error(`sync ${effect.request} was answered twice`)
          this.syncAnswers.set(effect.request, effect.response)
          break
        case 'startTimer':
          this.timers.set(effect.timer, this.nowMs + effect.delayMs)
          break
        case 'stopTimer':
          this.timers.delete(effect.timer)
          break
        case 'write':
          this.unfinishedWrites.push(effect.write)
          break
        case 'append':
        case 'become':
          throw new Error('a classic group writes before it changes')
      }
    }
  }
}

export function protocols(...names: string[]): { name: string; metadata: Buffer }[] {
  return names.map((name) => ({ name, metadata: subscriptionTo('orders') }))
}

/** A subscription in version 0 of the consumer protocol. */
export function subscriptionTo(...topics: string[]): Buffer {
  const parts: Buffer[] = [Buffer.from([0, 0, 0, 0, 0, topics.length])]
  for (const topic of topics) parts.push(Buffer.from([0, topic.length]), Buffer.from(topic))
  parts.push(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  return Buffer.concat(parts)
}

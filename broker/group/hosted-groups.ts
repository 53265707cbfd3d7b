import type { Clock } from '../clock.ts'
import { RecordWriter } from '../coordinator/record-writer.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { JoinGroupResponseBody } from '../protocol/messages/11-join-group.ts'
import type { SyncGroupResponseBody } from '../protocol/messages/14-sync-group.ts'
import type { NewRecord } from '../record/build-batch.ts'
import type { TimerHandle, TimerWheel } from '../timer-wheel.ts'
import type { Group } from './group.ts'
import type { GroupEffect, GroupWrite } from './group-effect.ts'
import { GroupOffsets } from './offsets.ts'

/** One group as this coordinator holds it. A group of another kind may take the place of one; the offsets stay. */
export interface HostedGroup<G extends Group = Group> {
  readonly group: G
  readonly offsets: GroupOffsets
}

interface RunningGroup extends HostedGroup {
  group: Group
  readonly timers: Map<string, TimerHandle>
}

type StartTimer = Extract<GroupEffect, { kind: 'startTimer' }>

export interface HostedGroupsOptions {
  append: (records: readonly NewRecord[]) => Promise<number>
  /** Drops everything here and reads it from the log again. */
  reload: () => void
  timers: TimerWheel
  clock: Clock
}

/**
 * The groups of one partition of `__consumer_offsets`, of whatever kind: carries out what their state machines ask for.
 * Records are written in the order in which they were asked for.
 */
export class HostedGroups implements Iterable<HostedGroup> {
  readonly clock: Clock
  readonly #timers: TimerWheel
  readonly #writer: RecordWriter
  readonly #reload: () => void
  readonly #groups = new Map<string, RunningGroup>()
  readonly #joins = new Map<number, (response: JoinGroupResponseBody) => void>()
  readonly #syncs = new Map<number, (response: SyncGroupResponseBody) => void>()
  #nextRequest = 0
  #isActive = false

  constructor({ append, reload, timers, clock }: HostedGroupsOptions) {
    this.clock = clock
    this.#timers = timers
    this.#reload = reload
    this.#writer = new RecordWriter(append)
  }

  [Symbol.iterator](): Iterator<HostedGroup> {
    return this.#groups.values()
  }

  activate(): void {
    this.#isActive = true
    for (const { group } of this.#groups.values()) this.run(group, group.activate(this.clock.nowMs()))
  }

  close(): void {
    this.#isActive = false
    this.#writer.close(errorCodes.NOT_COORDINATOR)
    for (const { group } of [...this.#groups.values()]) this.remove(group, errorCodes.NOT_COORDINATOR)
  }

  find(groupId: string): HostedGroup | undefined {
    return this.#groups.get(groupId)
  }

  /** Begins to host a group, or puts it in the place of the one that has its name, where `errorCode` ends all waiting. */
  put(group: Group, errorCode: ErrorCode = errorCodes.UNKNOWN_MEMBER_ID): HostedGroup {
    const hosted = this.#groups.get(group.groupId)
    if (hosted === undefined) {
      const created = { group, offsets: new GroupOffsets(), timers: new Map() }
      this.#groups.set(group.groupId, created)
      return created
    }
    this.#end(hosted, errorCode)
    hosted.group = group
    return hosted
  }

  /** Offsets and timers go with it. Whoever waits for the group is told `errorCode`. */
  remove(group: Group, errorCode: ErrorCode): void {
    const hosted = this.#groups.get(group.groupId)
    if (hosted === undefined) return
    this.#end(hosted, errorCode)
    this.#groups.delete(group.groupId)
  }

  run(group: Group, effects: readonly GroupEffect[]): void {
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
          this.#startTimer(group, effect)
          break
        case 'stopTimer':
          this.#stopTimer(group, effect.timer)
          break
        case 'write':
          this.#write(group, effect.write)
          break
        case 'append':
          void this.append(effect.records)
          break
        case 'become':
          this.put(effect.group, effect.errorCode)
          this.run(effect.group, effect.effects)
          break
      }
    }
  }

  /** As `run`; resolves when all that the group is now is in the log, with NONE, or with why it is not. */
  async complete(group: Group, effects: readonly GroupEffect[]): Promise<ErrorCode> {
    const records = effects.flatMap((effect) => (effect.kind === 'append' ? effect.records : []))
    this.run(
      group,
      effects.filter(({ kind }) => kind !== 'append'),
    )
    const errorCode = await this.append(records)
    // A write before this one may have failed.
    return errorCode === errorCodes.NONE && !this.#isActive ? errorCodes.NOT_COORDINATOR : errorCode
  }

  /** A JoinGroup whose answer is an effect, now or later. */
  waitForJoin(ask: (request: number) => void): Promise<JoinGroupResponseBody> {
    const request = this.#nextRequest++
    return new Promise((resolve) => {
      this.#joins.set(request, resolve)
      ask(request)
    })
  }

  waitForSync(ask: (request: number) => void): Promise<SyncGroupResponseBody> {
    const request = this.#nextRequest++
    return new Promise((resolve) => {
      this.#syncs.set(request, resolve)
      ask(request)
    })
  }

  /** Records that have been applied already. Resolves when they are replicated. */
  append(records: readonly NewRecord[]): Promise<ErrorCode> {
    return new Promise((resolve) => {
      this.#writer.write(records, ({ errorCode, isInLog }) => {
        if (!isInLog && this.#isActive) this.#reload()
        resolve(errorCode)
      })
    })
  }

  /** Records that are applied once the log has them. Resolves when they are replicated. */
  write(records: readonly NewRecord[], apply: () => void): Promise<ErrorCode> {
    return new Promise((resolve) => {
      this.#writer.write(records, ({ errorCode, isInLog }) => {
        if (isInLog && this.#isActive) apply()
        resolve(errorCode)
      })
    })
  }

  /** As `write`, in a batch of its own, which `append` brings to the log. */
  writeAlone(append: () => Promise<number>, apply: () => void): Promise<ErrorCode> {
    return new Promise((resolve) => {
      this.#writer.writeAlone(append, ({ errorCode, isInLog }) => {
        if (isInLog && this.#isActive) apply()
        resolve(errorCode)
      })
    })
  }

  /** What happened in the log behind everything that has been written so far. */
  afterWrites(apply: () => void): void {
    this.#writer.write([], () => {
      if (this.#isActive) apply()
    })
  }

  /** Resolves when everything written so far is done. */
  settled(): Promise<void> {
    return this.#writer.settled()
  }

  #write(group: Group, write: GroupWrite): void {
    this.#writer.write(write.records, ({ errorCode }) => {
      if (this.#isHosted(group)) this.run(group, write.written(errorCode, this.clock.nowMs()))
    })
  }

  #startTimer(group: Group, { timer, delayMs, isKept = false }: StartTimer): void {
    const hosted = this.#groups.get(group.groupId)
    if (hosted?.group !== group || (isKept && hosted.timers.has(timer))) return
    hosted.timers.get(timer)?.cancel()
    const handle = this.#timers.schedule(delayMs, () => {
      hosted.timers.delete(timer)
      this.run(group, group.timerFired(timer, this.clock.nowMs()))
    })
    hosted.timers.set(timer, handle)
  }

  #stopTimer(group: Group, timer: string): void {
    const hosted = this.#groups.get(group.groupId)
    if (hosted?.group !== group) return
    hosted.timers.get(timer)?.cancel()
    hosted.timers.delete(timer)
  }

  #end(hosted: RunningGroup, errorCode: ErrorCode): void {
    this.run(hosted.group, hosted.group.close(errorCode))
    for (const timer of hosted.timers.values()) timer.cancel()
    hosted.timers.clear()
  }

  #isHosted(group: Group): boolean {
    return this.#groups.get(group.groupId)?.group === group
  }
}

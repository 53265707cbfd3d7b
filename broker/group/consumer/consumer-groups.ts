import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { ConsumerGroupHeartbeatResponseBody } from '../../protocol/messages/68-consumer-group-heartbeat.ts'
import { ClassicGroup, type ClassicGroupLimits } from '../classic/classic-group.ts'
import type { GroupEffect } from '../group-effect.ts'
import type { GroupKind, GroupKindRecord } from '../group-kind.ts'
import { groupRecord } from '../group-records.ts'
import type { HostedGroups } from '../hosted-groups.ts'
import { ConsumerGroup } from './consumer-group.ts'
import type { ConsumerHeartbeat } from './consumer-heartbeat.ts'
import type { ConsumerGroupContext } from './consumer-rebalance.ts'
import { consumerRecordKeyTypes, decodeConsumerRecord, encodeConsumerRecord } from './consumer-record.ts'
import { canDowngrade, canUpgrade, downgradeValue, type MigrationPolicy, upgradeRecords } from './migration.ts'

export interface ConsumerGroupsOptions extends Omit<ConsumerGroupContext, 'downgrade'> {
  readonly migrationPolicy: MigrationPolicy
  readonly classicLimits: ClassicGroupLimits
}

/** The consumer groups of one partition of `__consumer_offsets`, and what their members ask for. */
export class ConsumerGroups implements GroupKind {
  readonly keyTypes = consumerRecordKeyTypes
  readonly #hosted: HostedGroups
  readonly #options: ConsumerGroupsOptions
  readonly #context: ConsumerGroupContext

  constructor(hosted: HostedGroups, options: ConsumerGroupsOptions) {
    this.#hosted = hosted
    this.#options = options
    this.#context = { ...options, downgrade: (group, leaving, nowMs) => this.#downgrade(group, leaving, nowMs) }
  }

  replay(record: GroupKindRecord): void {
    const { groupId, record: change } = decodeConsumerRecord(record)
    const hosted = this.#hosted.find(groupId)
    if (hosted?.group instanceof ConsumerGroup) {
      hosted.group.apply(change)
      if (change.kind === 'group' && change.value === null) this.#forget(hosted.group, hosted.offsets.isEmpty)
    } else if (change.value !== null) {
      const group = new ConsumerGroup(groupId, this.#context)
      group.apply(change)
      this.#hosted.put(group)
    }
  }

  async heartbeat(groupId: string, heartbeat: ConsumerHeartbeat): Promise<ConsumerGroupHeartbeatResponseBody> {
    try {
      const { group, isNew, before } = this.#groupFor(groupId, heartbeat)
      const { response, effects } = group.heartbeat(heartbeat, this.#hosted.clock.nowMs())
      if (isNew) this.#hosted.put(group, errorCodes.REBALANCE_IN_PROGRESS)
      const errorCode = await this.#hosted.complete(group, [...before, ...effects])
      return errorCode === errorCodes.NONE ? response : heartbeatFailure(errorCode)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return heartbeatFailure(error.code, error.message)
    }
  }

  /** Topics were created, changed or deleted. */
  topicsChanged(names: ReadonlySet<string>): void {
    for (const { group } of this.#hosted) if (group instanceof ConsumerGroup) group.topicsChanged(names)
  }

  #groupFor(
    groupId: string,
    { memberEpoch }: ConsumerHeartbeat,
  ): { group: ConsumerGroup; isNew: boolean; before: readonly GroupEffect[] } {
    const hosted = this.#hosted.find(groupId)
    const current = hosted?.group
    if (current instanceof ConsumerGroup) return { group: current, isNew: false, before: [] }
    if (memberEpoch !== 0) throw new KafkaError(errorCodes.GROUP_ID_NOT_FOUND, `Consumer group ${groupId} not found.`)
    const group = new ConsumerGroup(groupId, this.#context)
    if (current === undefined) return { group, isNew: true, before: [] }
    if (!(current instanceof ClassicGroup)) throw notConsumerGroup(groupId)
    const removal = current.protocolType === undefined ? [] : current.removal()
    if (current.isEmpty) return { group, isNew: true, before: [{ kind: 'append', records: removal }] }
    const { migrationPolicy, membersMax, topics } = this.#options
    const changes = canUpgrade(current, migrationPolicy, membersMax) ? upgradeRecords(current, topics) : undefined
    if (changes === undefined) throw notConsumerGroup(groupId)
    for (const change of changes) group.apply(change)
    const records = changes.map((change) => encodeConsumerRecord(groupId, change))
    const sessions = group.activate(this.#hosted.clock.nowMs())
    return { group, isNew: true, before: [{ kind: 'append', records: [...removal, ...records] }, ...sessions] }
  }

  #downgrade(group: ConsumerGroup, leaving: ReadonlySet<string>, nowMs: number): readonly GroupEffect[] | undefined {
    const { migrationPolicy, classicLimits, topics } = this.#options
    if (!canDowngrade(group, leaving, migrationPolicy, classicLimits)) return undefined
    const value = downgradeValue(group, leaving, topics, nowMs)
    const classic = new ClassicGroup(group.groupId, classicLimits, nowMs, value)
    const records = [...group.removal(), groupRecord(group.groupId, value)]
    const errorCode = errorCodes.REBALANCE_IN_PROGRESS
    return [
      { kind: 'append', records },
      { kind: 'become', group: classic, errorCode, effects: classic.takeOver(nowMs) },
    ]
  }

  #forget(group: ConsumerGroup, hasNoOffsets: boolean): void {
    if (hasNoOffsets) this.#hosted.remove(group, errorCodes.UNKNOWN_MEMBER_ID)
    else this.#hosted.put(new ClassicGroup(group.groupId, this.#options.classicLimits))
  }
}

function notConsumerGroup(groupId: string): KafkaError {
  return new KafkaError(errorCodes.GROUP_ID_NOT_FOUND, `Group ${groupId} is not a consumer group.`)
}

export function heartbeatFailure(
  errorCode: ErrorCode,
  errorMessage: string | null = null,
): ConsumerGroupHeartbeatResponseBody {
  return { throttleTimeMs: 0, errorCode, errorMessage, memberEpoch: 0, heartbeatIntervalMs: 0 }
}

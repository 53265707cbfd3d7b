import type { Clock } from '../clock.ts'
import { coordinatorErrorOf } from '../coordinator/coordinator-error.ts'
import type { Shard, ShardLog } from '../coordinator/coordinator-shards.ts'
import type { TransactionAdmission, TransactionalProducer } from '../coordinator/replicated-logs.ts'
import { decode } from '../protocol/codec.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../protocol/errors.ts'
import { Reader } from '../protocol/reader.ts'
import { offsetCommitKey, offsetCommitValue } from '../protocol/structures/offset-commit-record.ts'
import { findEndTransactionMarker } from '../record/control-records.ts'
import { decodeRecords } from '../record/decode-records.ts'
import type { RecordBatch } from '../record/record-batch.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import type { ClassicGroupLimits } from './classic/classic-group.ts'
import { ClassicGroups } from './classic/classic-groups.ts'
import { ConsumerGroups, type ConsumerGroupsOptions } from './consumer/consumer-groups.ts'
import type { OffsetClient } from './group.ts'
import type { GroupKind, GroupKindRecord } from './group-kind.ts'
import { legacyOffsetCommitKeyType, offsetCommitKeyType, offsetRecord } from './group-records.ts'
import { type HostedGroup, HostedGroups } from './hosted-groups.ts'
import { type CommittedOffset, expiredOffsets, type GroupOffsets, type TopicPartition } from './offsets.ts'
import { PendingOffsets } from './pending-offsets.ts'
import { ShareGroup } from './share/share-group.ts'
import { ShareGroups, type ShareGroupsOptions } from './share/share-groups.ts'

export interface GroupPartitionOptions {
  limits: ClassicGroupLimits
  consumerOptions: ConsumerGroupsOptions
  share: ShareGroupsOptions
  log: ShardLog
  /** Whether the offset's topic is gone. */
  isOrphan: (offset: CommittedOffset) => boolean
  timers: TimerWheel
  clock: Clock
}

/**
 * The groups whose records are in one partition of `__consumer_offsets`, with their offsets. Nothing is acknowledged, and no
 * offset is visible, before its record is replicated.
 */
export class GroupPartition implements Shard {
  readonly classic: ClassicGroups
  readonly consumer: ConsumerGroups
  readonly share: ShareGroups
  readonly #log: ShardLog
  readonly #hosted: HostedGroups
  readonly #pending = new PendingOffsets()
  readonly #kinds = new Map<number, GroupKind>()
  readonly #clock: Clock
  readonly #isOrphan: (offset: CommittedOffset) => boolean
  #unavailability: ErrorCode | undefined = errorCodes.COORDINATOR_LOAD_IN_PROGRESS

  constructor({ limits, consumerOptions, share, log, isOrphan, timers, clock }: GroupPartitionOptions) {
    this.#log = log
    this.#hosted = new HostedGroups({ append: log.append, reload: log.reload, timers, clock })
    this.#isOrphan = isOrphan
    this.#clock = clock
    this.classic = new ClassicGroups(this.#hosted, limits)
    this.consumer = new ConsumerGroups(this.#hosted, consumerOptions)
    this.share = new ShareGroups(this.#hosted, share)
    for (const kind of [this.classic, this.consumer, this.share]) {
      for (const keyType of kind.keyTypes) this.#kinds.set(keyType, kind)
    }
  }

  get unavailability(): ErrorCode | undefined {
    return this.#unavailability
  }

  get groups(): Iterable<HostedGroup> {
    return this.#hosted
  }

  replay(batch: RecordBatch): void {
    const { producerId } = batch
    if (batch.isControl) {
      const marker = findEndTransactionMarker(batch)
      if (marker !== undefined) this.#endTransaction(producerId, marker.isCommit)
      return
    }
    const owner = batch.isTransactional ? producerId : undefined
    for (const { key, value } of decodeRecords(batch)) {
      if (key !== null) this.#replayRecord(openRecord(key, value), owner)
    }
  }

  async activate(): Promise<void> {
    this.#unavailability = undefined
    this.#hosted.activate()
    await this.removeOrphans(this.#isOrphan)
    await this.share.states.removeOrphans()
  }

  close(): void {
    this.#unavailability = errorCodes.NOT_COORDINATOR
    this.#hosted.close()
  }

  find(groupId: string): HostedGroup | undefined {
    return this.#hosted.find(groupId)
  }

  async commitOffsets(groupId: string, client: OffsetClient, offsets: readonly CommittedOffset[]): Promise<ErrorCode> {
    if (this.find(groupId) === undefined && client.memberEpoch >= 0) {
      const { apiVersion } = client
      const isOlder = apiVersion !== undefined && apiVersion < 9
      return isOlder ? errorCodes.ILLEGAL_GENERATION : errorCodes.GROUP_ID_NOT_FOUND
    }
    const { group } = this.classic.getOrHost(groupId)
    const errorCode = group.commitError(client, offsets)
    if (errorCode !== undefined) return errorCode
    this.#hosted.run(group, group.committed(client))
    const records = offsets.map(({ topic, partition, value }) => {
      return offsetRecord({ group: groupId, topic, partition }, value)
    })
    return this.#hosted.write(records, () => {
      const { offsets: committed } = this.classic.getOrHost(groupId)
      for (const offset of offsets) {
        this.#pending.drop(groupId, offset)
        committed.put(offset, offset.value)
      }
    })
  }

  /** Offsets that count once the producer's transaction is committed. */
  async commitInTransaction(
    groupId: string,
    client: OffsetClient,
    offsets: readonly CommittedOffset[],
    producer: TransactionalProducer,
  ): Promise<ErrorCode> {
    const admission = await this.#admit(producer)
    if (typeof admission === 'number') return admission
    if (this.find(groupId) === undefined && client.memberEpoch >= 0) return errorCodes.ILLEGAL_GENERATION
    const { group } = this.find(groupId) ?? this.classic.getOrHost(groupId)
    const errorCode = group.commitError(client, offsets)
    if (errorCode !== undefined) return errorCode
    this.#hosted.run(group, group.committed(client))
    const records = offsets.map(({ topic, partition, value }) => {
      return offsetRecord({ group: groupId, topic, partition }, value)
    })
    return this.#hosted.writeAlone(
      () => this.#log.appendInTransaction(records, producer, admission.verification),
      () => {
        for (const offset of offsets) this.#pending.put(producer.producerId, groupId, offset)
      },
    )
  }

  /** A transaction's marker is in the log here. */
  endTransaction(producerId: number, isCommit: boolean): void {
    this.#hosted.afterWrites(() => this.#endTransaction(producerId, isCommit))
  }

  /** Whether a transaction that has not ended has an offset for the partition. */
  hasPendingOffset(groupId: string, topic: string, partition: number): boolean {
    return this.#pending.has(groupId, topic, partition)
  }

  /** The group's offsets, after everything that was being written when they were asked for, if `isStable`. */
  async fetchOffsets(
    groupId: string,
    client: OffsetClient,
    isStable: boolean,
  ): Promise<GroupOffsets | ErrorCode | undefined> {
    if (isStable) await this.#hosted.settled()
    if (this.#unavailability !== undefined) return this.#unavailability
    const hosted = this.find(groupId)
    return hosted?.group.fetchError(client) ?? hosted?.offsets
  }

  removeOffsets(groupId: string, offsets: readonly TopicPartition[]): Promise<ErrorCode> {
    const records = offsets.map(({ topic, partition }) => offsetRecord({ group: groupId, topic, partition }, null))
    return this.#hosted.write(records, () => {
      for (const offset of offsets) {
        this.find(groupId)?.offsets.remove(offset)
        this.#pending.drop(groupId, offset)
      }
    })
  }

  async deleteGroup(groupId: string): Promise<ErrorCode> {
    const hosted = this.find(groupId)
    if (hosted === undefined) return errorCodes.GROUP_ID_NOT_FOUND
    if (!hosted.group.isEmpty) return errorCodes.NON_EMPTY_GROUP
    if (hosted.group instanceof ShareGroup) {
      const errorCode = await this.share.states.removeAll(hosted.group)
      if (errorCode !== errorCodes.NONE) return errorCode
    }
    return this.#removeWithGroup(hosted, [...hosted.offsets, ...this.#pending.ofGroup(groupId)])
  }

  /** Deletes what has expired, and groups of which nothing is left. */
  async expire(retentionMs: number): Promise<void> {
    const nowMs = this.#clock.nowMs()
    const removals: Promise<ErrorCode>[] = []
    for (const hosted of this.#hosted) {
      const { group, offsets } = hosted
      const isPending = ({ topic, partition }: TopicPartition) => this.#pending.has(group.groupId, topic, partition)
      const expired = expiredOffsets(group, offsets, nowMs, retentionMs).filter((offset) => !isPending(offset))
      const hasPending = this.#pending.ofGroup(group.groupId).next().done === false
      const isAll = expired.length === [...offsets].length && !hasPending
      if (isAll && group.isEmpty && group.expires) removals.push(this.#removeWithGroup(hosted, expired))
      else if (expired.length > 0) removals.push(this.removeOffsets(group.groupId, expired))
    }
    await Promise.all(removals)
  }

  /** Offsets of a topic that is gone would otherwise be taken for those of a later topic of the same name. */
  async removeOrphans(isOrphan: (offset: CommittedOffset) => boolean): Promise<void> {
    const removals: Promise<ErrorCode>[] = []
    for (const { group, offsets } of this.#hosted) {
      const orphans = [...offsets, ...this.#pending.ofGroup(group.groupId)].filter(isOrphan)
      if (orphans.length > 0) removals.push(this.removeOffsets(group.groupId, orphans))
    }
    await Promise.all(removals)
  }

  #removeWithGroup(hosted: HostedGroup, offsets: readonly TopicPartition[]): Promise<ErrorCode> {
    const { group } = hosted
    const { groupId } = group
    const records = offsets.map(({ topic, partition }) => offsetRecord({ group: groupId, topic, partition }, null))
    return this.#hosted.write([...records, ...group.removal()], () => {
      for (const offset of offsets) {
        hosted.offsets.remove(offset)
        this.#pending.drop(groupId, offset)
      }
      // A member may have joined while the records were written; then its record comes after ours.
      if (hosted.group === group && group.isEmpty && hosted.offsets.isEmpty) {
        this.#hosted.remove(group, errorCodes.UNKNOWN_MEMBER_ID)
      }
    })
  }

  async #admit(producer: TransactionalProducer): Promise<TransactionAdmission | ErrorCode> {
    try {
      const admission = await this.#log.admit(producer)
      return this.#unavailability ?? (admission.errorCode === errorCodes.NONE ? admission : admission.errorCode)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return coordinatorErrorOf(error)
    }
  }

  #endTransaction(producerId: number, isCommit: boolean): void {
    for (const [groupId, offsets] of this.#pending.take(producerId)) {
      if (!isCommit) continue
      const { offsets: committed } = this.find(groupId) ?? this.classic.getOrHost(groupId)
      for (const offset of offsets) committed.put(offset, offset.value)
    }
  }

  #replayRecord(record: GroupKindRecord, producerId: number | undefined): void {
    const { keyType } = record
    if (keyType === offsetCommitKeyType || keyType === legacyOffsetCommitKeyType) this.#replayOffset(record, producerId)
    // Kinds of a later version, or of Kafka's that we do not have, are left alone.
    else this.#kinds.get(keyType)?.replay(record)
  }

  #replayOffset({ key, value: bytes }: GroupKindRecord, producerId: number | undefined): void {
    const { group: groupId, ...partition } = decode(offsetCommitKey, 0, key)
    const value = bytes && decode(offsetCommitValue, bytes.version, bytes.reader)
    if (value !== undefined && producerId !== undefined) {
      this.#pending.put(producerId, groupId, { ...partition, value })
      return
    }
    this.#pending.drop(groupId, partition)
    if (value === undefined) this.find(groupId)?.offsets.remove(partition)
    else this.classic.getOrHost(groupId).offsets.put(partition, value)
  }
}

function openRecord(key: Buffer, value: Buffer | null): GroupKindRecord {
  const keyReader = new Reader(key)
  const keyType = keyReader.int16()
  if (value === null) return { keyType, key: keyReader, value: undefined }
  // A copy: what a group keeps of it would otherwise keep the whole segment that was read.
  const reader = new Reader(Buffer.from(value))
  return { keyType, key: keyReader, value: { version: reader.int16(), reader } }
}

import type { Scheduler } from '../clock.ts'
import type { BrokerConnection } from '../network/connection.ts'
import { errorCodes } from '../protocol/errors.ts'
import type { PartitionData } from '../protocol/messages/01-fetch.ts'
import { listOffsets } from '../protocol/messages/02-list-offsets.ts'
import { batchesIn } from '../record/record-batch.ts'
import type { Asked } from './follower-fetch-session.ts'
import type { Following } from './followings.ts'
import type { ReplicationQuota } from './replication-quota.ts'

const listOffsetsVersion = 9
const listOffsetsTimeoutMs = 30_000

/** Asks for what it says: the end of the leader's log, or its start. */
const latestTimestamp = -1
const earliestTimestamp = -2

/** Does to a followed replica what its leader's answer says: appends, truncates, or goes back into the leader's range. */
export class ReplicaUpdater {
  readonly #nodeId: number
  readonly #clock: Scheduler
  readonly #quota: ReplicationQuota
  readonly #delay: (following: Following) => void

  constructor(options: {
    nodeId: number
    clock: Scheduler
    quota: ReplicationQuota
    /** Has the replica wait before it is asked for again. */
    delay: (following: Following) => void
  }) {
    this.#nodeId = options.nodeId
    this.#clock = options.clock
    this.#quota = options.quota
    this.#delay = options.delay
  }

  /** `undefined` where there is nothing to wait for. Rejects with ConnectionLost, or with what the replica's log throws. */
  update(
    connection: BrokerConnection,
    following: Following,
    asked: Asked,
    data: PartitionData,
  ): Promise<void> | undefined {
    const { partition, leaderEpoch } = following
    if (data.errorCode === errorCodes.OFFSET_OUT_OF_RANGE) return this.#returnToRange(connection, following)
    if (data.errorCode !== errorCodes.NONE) {
      this.#delay(following)
      return undefined
    }
    following.backoffMs = 0
    following.isCaughtUp = data.highWatermark <= asked.fetchOffset
    if (data.divergingEpoch.endOffset !== -1) return this.#truncate(following, asked, data)
    const { records } = data
    if (records === null || records.length === 0) return partition.asFollower.learnFromLeader(data, leaderEpoch)
    return this.#append(following, records, data)
  }

  async #append(following: Following, records: Buffer, data: PartitionData): Promise<void> {
    const { partition, leaderEpoch } = following
    const ownRecords = withoutLaterTerms(records, leaderEpoch)
    // The metadata that names the later term is on its way.
    if (ownRecords.length === 0) return this.#delay(following)
    if (partition.isThrottledAsFollower) this.#quota.record(ownRecords.length, this.#clock.monotonicMs())
    await partition.asFollower.append(ownRecords, leaderEpoch)
    following.isCaughtUp = data.highWatermark <= partition.logEndOffset
    await partition.asFollower.learnFromLeader(data, leaderEpoch)
  }

  async #truncate(following: Following, { fetchOffset }: Asked, { divergingEpoch }: PartitionData): Promise<void> {
    const { partition, leaderEpoch } = following
    const { latest } = partition.log.leaderEpochs
    await partition.asFollower.truncateTo(divergingEpoch, leaderEpoch)
    const isUnchanged = partition.logEndOffset === fetchOffset && partition.log.leaderEpochs.latest === latest
    if (isUnchanged) this.#delay(following)
  }

  /** The leader's log ends before ours (an unclean election) or begins after it (we were away for long). */
  async #returnToRange(connection: BrokerConnection, following: Following): Promise<void> {
    const { partition, leaderEpoch } = following
    const end = await this.#offsetAtLeader(connection, following, latestTimestamp)
    if (end === undefined) return this.#delay(following)
    if (end < partition.logEndOffset) return partition.asFollower.truncateToOffset(end, leaderEpoch)
    const start = await this.#offsetAtLeader(connection, following, earliestTimestamp)
    if (start !== undefined && start > partition.logEndOffset) return partition.asFollower.restartAt(start, leaderEpoch)
    this.#delay(following)
  }

  async #offsetAtLeader(
    connection: BrokerConnection,
    { partition, leaderEpoch }: Following,
    timestamp: number,
  ): Promise<number | undefined> {
    const asked = { partitionIndex: partition.index, currentLeaderEpoch: leaderEpoch, timestamp }
    const topics = [{ name: partition.topic, partitions: [asked] }]
    const request = { replicaId: this.#nodeId, isolationLevel: 0, topics }
    const response = await connection.send(listOffsets, listOffsetsVersion, request, {
      timeoutMs: listOffsetsTimeoutMs,
    })
    const answer = response.topics[0]?.partitions[0]
    return answer?.errorCode === errorCodes.NONE ? answer.offset : undefined
  }
}

/** Batches of a later term than the one that is followed may still be truncated by it (KAFKA-18723). */
function withoutLaterTerms(records: Buffer, leaderEpoch: number): Buffer {
  for (const batch of batchesIn(records)) {
    if (batch.partitionLeaderEpoch > leaderEpoch) return records.subarray(0, batch.position)
  }
  return records
}

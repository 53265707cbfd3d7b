import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BrokerConnection, ConnectionLost } from '../../../broker/network/connection.ts'
import { errorCodes, isRetriable } from '../../../broker/protocol/errors.ts'
import { shareGroupHeartbeat } from '../../../broker/protocol/messages/76-share-group-heartbeat.ts'
import {
  type ShareFetchRequestBody,
  type ShareFetchResponse,
  shareFetch,
} from '../../../broker/protocol/messages/78-share-fetch.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { type ClusterClient, RefusedError } from './cluster-client.ts'

const accept = 1
const retryMs = 20
const fetchWaitMs = 100
const answerTimeoutMs = 20_000

type PartitionData = ShareFetchResponse['responses'][number]['partitions'][number]

export interface DeliveredRecord {
  /** `partition:offset` */
  readonly name: string
  readonly value: string
  readonly deliveryCount: number
}

/** What consumers of one group saw together, in the order in which they saw it. */
export class ShareJournal {
  readonly delivered: DeliveredRecord[] = []
  /** Names of records whose acknowledgement was answered. */
  readonly acknowledged = new Set<string>()
  /** Names of records whose acknowledgement was sent; what became of it may be unknown. */
  readonly sent = new Set<string>()
  /** What must never be: deliveries of what was acknowledged, second acknowledgements. */
  readonly faults: string[] = []

  noteDelivery(record: DeliveredRecord): void {
    this.delivered.push(record)
    if (this.acknowledged.has(record.name)) this.faults.push(`${record.name} delivered after it was acknowledged`)
  }

  noteAcknowledgement(name: string): void {
    if (this.acknowledged.has(name)) this.faults.push(`${name} acknowledged twice`)
    this.acknowledged.add(name)
  }
}

/** The records of one leader: its share session, and what was acquired there and is to be acknowledged. */
interface Lane {
  readonly connection: BrokerConnection
  epoch: number
  readonly partitions: readonly number[]
  unacknowledged: Map<number, { firstOffset: number; lastOffset: number }[]>
}

/**
 * A member of a share group as it is on the wire: joins, reads what it is assigned from the leaders and accepts each record
 * with the next fetch. Whatever goes wrong it begins anew with that leader; the brokers have to see to the rest.
 */
export class ShareConsumer {
  readonly #client: ClusterClient
  readonly #group: string
  readonly #topic: string
  readonly #topicId: string
  readonly #journal: ShareJournal
  readonly #memberId = randomUUID()
  readonly #lanes = new Map<number, Lane>()
  readonly #running: Promise<void>
  #memberEpoch = 0
  #assigned: readonly number[] = []
  #isStopping = false

  constructor(
    client: ClusterClient,
    options: { group: string; topic: string; topicId: string; journal: ShareJournal },
  ) {
    this.#client = client
    this.#group = options.group
    this.#topic = options.topic
    this.#topicId = options.topicId
    this.#journal = options.journal
    this.#running = this.#run()
    // Reported by `stop`.
    this.#running.catch(() => undefined)
  }

  get assigned(): readonly number[] {
    return this.#assigned
  }

  /** Resolves when it has left the group. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running
  }

  async #run(): Promise<void> {
    let heartbeatAtMs = 0
    while (!this.#isStopping) {
      try {
        if (performance.now() >= heartbeatAtMs) {
          await this.#heartbeat()
          heartbeatAtMs = performance.now() + 500
        }
        if (this.#assigned.length === 0) await sleep(retryMs)
        await this.#fetchFromAll()
      } catch (error) {
        if (!isTransient(error)) throw error
        await sleep(retryMs)
      }
    }
    for (const leader of [...this.#lanes.keys()]) this.#dropLane(leader)
    await this.#leave()
  }

  async #heartbeat(): Promise<void> {
    const coordinator = await this.#client.coordinatorOf(this.#group)
    const answer = await this.#client.send(coordinator, shareGroupHeartbeat, 1, {
      groupId: this.#group,
      memberId: this.#memberId,
      memberEpoch: this.#memberEpoch,
      subscribedTopicNames: this.#memberEpoch === 0 ? [this.#topic] : null,
    })
    const { errorCode, memberEpoch, assignment } = answer
    if (errorCode === errorCodes.UNKNOWN_MEMBER_ID || errorCode === errorCodes.FENCED_MEMBER_EPOCH)
      this.#memberEpoch = 0
    if (errorCode !== errorCodes.NONE) throw new RefusedError(errorCode)
    this.#memberEpoch = memberEpoch
    if (assignment !== null) {
      this.#assigned = assignment.topicPartitions.flatMap(({ partitions }) => [...partitions]).sort((a, b) => a - b)
    }
  }

  async #leave(): Promise<void> {
    this.#memberEpoch = -1
    await this.#heartbeat().catch((error: unknown) => {
      if (!isTransient(error)) throw error
    })
  }

  async #fetchFromAll(): Promise<void> {
    const byLeader = new Map<number, number[]>()
    for (const { partitionIndex, leaderId } of await this.#client.describeTopic(this.#topic)) {
      if (leaderId === -1 || !this.#assigned.includes(partitionIndex)) continue
      byLeader.set(leaderId, [...(byLeader.get(leaderId) ?? []), partitionIndex])
    }
    for (const leader of [...this.#lanes.keys()]) if (!byLeader.has(leader)) this.#dropLane(leader)
    await Promise.all([...byLeader].map(([leader, partitions]) => this.#fetch(leader, partitions)))
  }

  async #fetch(leader: number, partitions: readonly number[]): Promise<void> {
    try {
      const lane = await this.#laneTo(leader, partitions)
      const request = this.#requestOf(lane)
      const sent = lane.unacknowledged
      for (const name of namesOf(sent)) this.#journal.sent.add(name)
      lane.unacknowledged = new Map()
      const answer = await lane.connection.send(shareFetch, 2, request, { timeoutMs: answerTimeoutMs })
      if (answer.errorCode !== errorCodes.NONE) throw new RefusedError(answer.errorCode)
      lane.epoch += 1
      for (const partition of answer.responses.flatMap(({ partitions: found }) => [...found])) {
        this.#take(lane, partition, sent.get(partition.partitionIndex) ?? [])
      }
    } catch (error) {
      this.#dropLane(leader)
      if (!isTransient(error)) throw error
    }
  }

  async #laneTo(leader: number, partitions: readonly number[]): Promise<Lane> {
    const known = this.#lanes.get(leader)
    if (known !== undefined && known.partitions.join() === partitions.join()) return known
    if (known !== undefined) this.#dropLane(leader)
    const connection = await this.#client.connectAlone(leader)
    const lane: Lane = { connection, epoch: 0, partitions, unacknowledged: new Map() }
    this.#lanes.set(leader, lane)
    return lane
  }

  /** The broker gives others what was acquired and not acknowledged. */
  #dropLane(leader: number): void {
    this.#lanes.get(leader)?.connection.close()
    this.#lanes.delete(leader)
  }

  #requestOf({ epoch, partitions, unacknowledged }: Lane): ShareFetchRequestBody {
    const asked = epoch === 0 ? partitions : [...unacknowledged.keys()]
    return {
      groupId: this.#group,
      memberId: this.#memberId,
      shareSessionEpoch: epoch,
      maxWaitMs: fetchWaitMs,
      minBytes: 1,
      maxBytes: 1024 * 1024,
      maxRecords: 200,
      batchSize: 200,
      topics: [
        {
          topicId: this.#topicId,
          partitions: asked.map((partitionIndex) => ({
            partitionIndex,
            acknowledgementBatches: (unacknowledged.get(partitionIndex) ?? []).map((range) => ({
              ...range,
              acknowledgeTypes: [accept],
            })),
          })),
        },
      ],
      forgottenTopicsData: [],
    }
  }

  #take(
    lane: Lane,
    { partitionIndex, errorCode, acknowledgeErrorCode, records, acquiredRecords }: PartitionData,
    sent: readonly { firstOffset: number; lastOffset: number }[],
  ): void {
    if (sent.length > 0 && acknowledgeErrorCode === errorCodes.NONE) {
      for (const name of namesOf(new Map([[partitionIndex, sent]]))) this.#journal.noteAcknowledgement(name)
    }
    if (errorCode !== errorCodes.NONE) throw new RefusedError(errorCode)
    if (acquiredRecords.length === 0) return
    const values = new Map<number, string>()
    for (const batch of batchesIn(records ?? Buffer.alloc(0))) {
      for (const record of decodeRecords(batch)) values.set(record.offset, record.value?.toString() ?? '')
    }
    for (const { firstOffset, lastOffset, deliveryCount } of acquiredRecords) {
      for (let offset = firstOffset; offset <= lastOffset; offset++) {
        const value = values.get(offset)
        const name = `${partitionIndex}:${offset}`
        if (value === undefined) this.#journal.faults.push(`${name} was acquired without its record`)
        else this.#journal.noteDelivery({ name, value, deliveryCount })
      }
    }
    lane.unacknowledged.set(partitionIndex, [...acquiredRecords])
  }
}

function namesOf(ranges: ReadonlyMap<number, readonly { firstOffset: number; lastOffset: number }[]>): string[] {
  return [...ranges].flatMap(([partition, batches]) => {
    return batches.flatMap(({ firstOffset, lastOffset }) => {
      return Array.from({ length: lastOffset - firstOffset + 1 }, (_, i) => `${partition}:${firstOffset + i}`)
    })
  })
}

/** What goes by when a new leader or coordinator is there, or a new session is opened. */
function isTransient(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true
  if (!(error instanceof RefusedError)) return false
  const { errorCode } = error
  return (
    isRetriable(errorCode) ||
    errorCode === errorCodes.UNKNOWN_MEMBER_ID ||
    errorCode === errorCodes.FENCED_MEMBER_EPOCH ||
    errorCode === errorCodes.SHARE_SESSION_NOT_FOUND ||
    errorCode === errorCodes.INVALID_SHARE_SESSION_EPOCH
  )
}

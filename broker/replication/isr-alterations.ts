import { type Scheduler, sleep } from '../clock.ts'
import { errorCodes } from '../protocol/errors.ts'
import type {
  AlterPartitionRequestBody,
  AlterPartitionResponse,
  PartitionData,
} from '../protocol/messages/56-alter-partition.ts'
import type { IsrProposal } from './leadership.ts'
import type { Partition } from './partition.ts'

/** Who carries AlterPartition to the controller; rejects when it cannot be reached. */
export interface PartitionAlterer {
  alterPartition(request: AlterPartitionRequestBody): Promise<AlterPartitionResponse>
}

interface Alteration {
  readonly partition: Partition
  readonly proposal: IsrProposal
}

const retryBackoffMs = 50

/**
 * Brings the proposed in-sync sets of all partitions to the controller, one request in flight; proposals made meanwhile
 * join the next. A partition is told the answer, or nothing where the answer will come as metadata.
 */
export class IsrAlterations {
  readonly #nodeId: number
  readonly #brokerEpoch: () => number
  readonly #controller: PartitionAlterer
  readonly #clock: Scheduler
  readonly #pending = new Map<string, Alteration>()
  readonly #closing = new AbortController()
  #sending: Promise<void> | undefined

  constructor(options: { nodeId: number; brokerEpoch: () => number; controller: PartitionAlterer; clock: Scheduler }) {
    this.#nodeId = options.nodeId
    this.#brokerEpoch = options.brokerEpoch
    this.#controller = options.controller
    this.#clock = options.clock
  }

  submit(partition: Partition, proposal: IsrProposal): void {
    this.#pending.set(keyOf(partition.topicId, partition.index), { partition, proposal })
    this.#sending ??= this.#sendAll()
  }

  close(): void {
    this.#pending.clear()
    this.#closing.abort()
  }

  async #sendAll(): Promise<void> {
    // What one turn of the event loop proposes, for instance a whole ISR check, goes in one request.
    await Promise.resolve()
    while (this.#pending.size > 0) {
      const batch = new Map(this.#pending)
      this.#pending.clear()
      const isAnswered = await this.#send(batch)
      if (!isAnswered) await sleep(this.#clock, retryBackoffMs, this.#closing.signal)
    }
    this.#sending = undefined
  }

  async #send(batch: ReadonlyMap<string, Alteration>): Promise<boolean> {
    const response = await this.#controller.alterPartition(this.#request(batch)).catch(() => undefined)
    if (response === undefined || response.errorCode !== errorCodes.NONE) {
      this.#retry(batch.values())
      return false
    }
    const unanswered = new Map(batch)
    const retried: Alteration[] = []
    for (const topic of response.topics) {
      for (const answer of topic.partitions) {
        const key = keyOf(topic.topicId, answer.partitionIndex)
        const alteration = batch.get(key)
        unanswered.delete(key)
        if (alteration !== undefined && applyAnswer(alteration, answer) === 'retry') retried.push(alteration)
      }
    }
    retried.push(...unanswered.values())
    this.#retry(retried)
    return retried.length === 0
  }

  #retry(alterations: Iterable<Alteration>): void {
    if (this.#closing.signal.aborted) return
    for (const { partition, proposal } of alterations) {
      const key = keyOf(partition.topicId, partition.index)
      if (partition.asLeader?.isAwaiting(proposal) && !this.#pending.has(key))
        this.#pending.set(key, { partition, proposal })
    }
  }

  #request(batch: ReadonlyMap<string, Alteration>): AlterPartitionRequestBody {
    const topics = new Map<string, ReturnType<typeof requestOf>[]>()
    for (const alteration of batch.values()) {
      const { topicId } = alteration.partition
      const partitions = topics.get(topicId)
      if (partitions === undefined) topics.set(topicId, [requestOf(alteration)])
      else partitions.push(requestOf(alteration))
    }
    return {
      brokerId: this.#nodeId,
      brokerEpoch: this.#brokerEpoch(),
      topics: [...topics].map(([topicId, partitions]) => ({ topicId, partitions })),
    }
  }
}

/** The leader of an unclean election starts with what it has, so it always reports itself recovered (0). */
function requestOf({ partition, proposal }: Alteration) {
  return {
    partitionIndex: partition.index,
    leaderEpoch: proposal.leaderEpoch,
    newIsrWithEpochs: proposal.isr,
    leaderRecoveryState: 0,
    partitionEpoch: proposal.partitionEpoch,
  }
}

/**
 * After an error that says that the controller knows more than we do, the proposal stays as it is until the metadata
 * arrives: an earlier try may have been accepted and its answer lost, so its replicas must go on counting.
 */
function applyAnswer({ partition, proposal }: Alteration, answer: PartitionData): 'done' | 'retry' {
  switch (answer.errorCode) {
    case errorCodes.NONE:
      partition.asLeader?.confirmIsr(answer.leaderEpoch, answer.isr, answer.partitionEpoch)
      return 'done'
    case errorCodes.INELIGIBLE_REPLICA:
    case errorCodes.OPERATION_NOT_ATTEMPTED:
      partition.asLeader?.withdrawProposal(proposal)
      return 'done'
    case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCodes.UNKNOWN_TOPIC_ID:
    case errorCodes.FENCED_LEADER_EPOCH:
    case errorCodes.INVALID_UPDATE_VERSION:
    case errorCodes.INVALID_REQUEST:
    case errorCodes.NEW_LEADER_ELECTED:
      return 'done'
    default:
      return 'retry'
  }
}

function keyOf(topicId: string, index: number): string {
  return `${topicId}:${index}`
}

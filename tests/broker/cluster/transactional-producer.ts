import { ConnectionLost } from '../../../broker/network/connection.ts'
import { errorCodes, isRetriable } from '../../../broker/protocol/errors.ts'
import { produce } from '../../../broker/protocol/messages/00-produce.ts'
import { initProducerId } from '../../../broker/protocol/messages/22-init-producer-id.ts'
import { addPartitionsToTxn } from '../../../broker/protocol/messages/24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from '../../../broker/protocol/messages/25-add-offsets-to-txn.ts'
import { endTxn } from '../../../broker/protocol/messages/26-end-txn.ts'
import { txnOffsetCommit } from '../../../broker/protocol/messages/28-txn-offset-commit.ts'
import { waitFor } from '../../support/wait-for.ts'
import { batchOf, type ClusterClient, produceRequest, RefusedError } from './cluster-client.ts'

export interface TransactionalOptions {
  /** How transactions are done: as before KIP-890, or with it. */
  readonly version?: 0 | 2
  readonly timeoutMs?: number
}

const retryTimeoutMs = 60_000

/**
 * A producer of one transactional id that tries everything again which may succeed, as clients do. Methods reject with
 * RefusedError when the transaction, or the producer, is over.
 */
export class TransactionalProducer {
  readonly transactionalId: string
  readonly #client: ClusterClient
  readonly #version: 0 | 2
  readonly #sequences = new Map<string, number>()
  #producerId: number
  #producerEpoch: number

  private constructor(
    client: ClusterClient,
    transactionalId: string,
    version: 0 | 2,
    { producerId, producerEpoch }: { producerId: number; producerEpoch: number },
  ) {
    this.#client = client
    this.transactionalId = transactionalId
    this.#version = version
    this.#producerId = producerId
    this.#producerEpoch = producerEpoch
  }

  static async init(
    client: ClusterClient,
    transactionalId: string,
    { version = 2, timeoutMs = 60_000 }: TransactionalOptions = {},
  ): Promise<TransactionalProducer> {
    const request = { transactionalId, transactionTimeoutMs: timeoutMs, producerEpoch: -1 }
    const identity = await retry('a producer id', async () => {
      return client.send(await client.coordinatorOf(transactionalId, 'transactional id'), initProducerId, 4, request)
    })
    return new TransactionalProducer(client, transactionalId, version, identity)
  }

  get producerId(): number {
    return this.#producerId
  }

  get producerEpoch(): number {
    return this.#producerEpoch
  }

  /** Only before KIP-890: after that the first write does it. */
  async add(topic: string, partition: number): Promise<void> {
    await this.#ask('the partition to be added', async (coordinator) => {
      const answer = await this.#client.send(coordinator, addPartitionsToTxn, 3, {
        v3AndBelowTransactionalId: this.transactionalId,
        v3AndBelowProducerId: this.#producerId,
        v3AndBelowProducerEpoch: this.#producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
      })
      const errorCode = answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1
      return { errorCode }
    })
  }

  async write(topic: string, index: number, values: readonly string[]): Promise<void> {
    const key = `${topic} ${index}`
    const baseSequence = this.#sequences.get(key) ?? 0
    const batch = { ...this.#identity, baseSequence, isTransactional: true }
    await retry('the batch to be written', async () => {
      const leaderId = await this.#client.leaderOf(topic, index)
      const request = produceRequest(topic, index, batchOf(values, batch), -1)
      const version = this.#version === 2 ? 12 : 11
      const answer = await this.#client.send(leaderId, produce, version, {
        ...request,
        transactionalId: this.transactionalId,
      })
      return { errorCode: answer.responses[0]?.partitionResponses[0]?.errorCode ?? -1 }
    })
    this.#sequences.set(key, baseSequence + values.length)
  }

  async commitOffset(group: string, topic: string, partitionIndex: number, committedOffset: number): Promise<void> {
    const { transactionalId } = this
    if (this.#version < 2) {
      const request = { transactionalId, ...this.#identity, groupId: group }
      await this.#ask('the group to be added', (id) => this.#client.send(id, addOffsetsToTxn, 3, request))
    }
    await retry('the offset to be committed', async () => {
      const partitions = [{ partitionIndex, committedOffset, committedMetadata: '' }]
      const version = this.#version === 2 ? 5 : 4
      const answer = await this.#client.send(await this.#client.coordinatorOf(group), txnOffsetCommit, version, {
        transactionalId,
        groupId: group,
        ...this.#identity,
        topics: [{ name: topic, partitions }],
      })
      return { errorCode: answer.topics[0]?.partitions[0]?.errorCode ?? -1 }
    })
  }

  async end(isCommit: boolean): Promise<void> {
    const request = { transactionalId: this.transactionalId, ...this.#identity, committed: isCommit }
    const version = this.#version === 2 ? 5 : 4
    const answer = await this.#ask('the end', (coordinator) => {
      return this.#client.send(coordinator, endTxn, version, request)
    })
    if (this.#version < 2) return
    this.#producerId = answer.producerId
    this.#producerEpoch = answer.producerEpoch
    this.#sequences.clear()
  }

  get #identity() {
    return { producerId: this.#producerId, producerEpoch: this.#producerEpoch }
  }

  #ask<Answer extends { errorCode: number }>(what: string, send: (coordinator: number) => Promise<Answer>) {
    return retry(what, async () => send(await this.#client.coordinatorOf(this.transactionalId, 'transactional id')))
  }
}

/** The first answer that is not an error which passes. Rejects with RefusedError for one that does not. */
function retry<Answer extends { errorCode: number }>(what: string, attempt: () => Promise<Answer>): Promise<Answer> {
  const tryOnce = async () => {
    try {
      const answer = await attempt()
      if (answer.errorCode === errorCodes.NONE) return answer
      if (!isRetriable(answer.errorCode)) throw new RefusedError(answer.errorCode)
    } catch (error) {
      const passes = error instanceof ConnectionLost || (error instanceof RefusedError && isRetriable(error.errorCode))
      if (!passes) throw error
    }
    return undefined
  }
  return waitFor(what, tryOnce, { timeoutMs: retryTimeoutMs })
}

import { describe, expect, it } from 'vitest'
import type { BrokerConnection } from '../../../broker/network/connection.ts'
import { type ErrorCode, errorCodes } from '../../../broker/protocol/errors.ts'
import { produce } from '../../../broker/protocol/messages/00-produce.ts'
import { listOffsets } from '../../../broker/protocol/messages/02-list-offsets.ts'
import { writeTxnMarkers } from '../../../broker/protocol/messages/27-write-txn-markers.ts'
import { describeProducers } from '../../../broker/protocol/messages/61-describe-producers.ts'
import type { TransactionEnd } from '../../../broker/replication/replica-manager.ts'
import type { TransactionVerifier } from '../../../broker/replication/transaction-verifier.ts'
import { batchOf, fetchFrom, valuesOf } from './replica-client.ts'
import { ReplicaCluster, until } from './replica-cluster.ts'

const timeoutMs = 30_000
const readCommitted = { isolationLevel: 1 }

/** Answers what it is told to, when it is told to, and remembers what it was asked. */
class ScriptedVerifier implements TransactionVerifier {
  readonly asked: Parameters<TransactionVerifier['check']>[0][] = []
  errorCode: ErrorCode = errorCodes.NONE
  answered: Promise<unknown> = Promise.resolve()

  async check(request: Parameters<TransactionVerifier['check']>[0]): Promise<ErrorCode[]> {
    this.asked.push(request)
    await this.answered
    return request.partitions.map(() => this.errorCode)
  }
}

async function startCluster(brokers = 1) {
  const cluster = await ReplicaCluster.start(brokers)
  const replicas = brokers === 1 ? [1] : [1, 2]
  await cluster.createTopic('orders', [replicas, replicas])
  const verifier = new ScriptedVerifier()
  cluster.broker(1).replicas.askAboutTransactions(verifier)
  const connection = await cluster.broker(1).connect()
  return { cluster, connection, verifier }
}

interface Sent {
  producerId?: number
  epoch?: number
  sequence?: number
  version?: number
  partitions?: number[]
}

async function send(connection: BrokerConnection, value: string, sent: Sent = {}): Promise<ErrorCode> {
  const { producerId = 1, epoch = 0, sequence = 0, version = 12, partitions = [0] } = sent
  const batch = { producerId, producerEpoch: epoch, baseSequence: sequence, isTransactional: true }
  const partitionData = partitions.map((index) => ({ index, records: batchOf([value], batch) }))
  const request = {
    transactionalId: `transaction-${producerId}`,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: 'orders', partitionData }],
  }
  const response = await connection.send(produce, version, request, { timeoutMs })
  return response.responses[0]?.partitionResponses[0]?.errorCode as ErrorCode
}

async function end(connection: BrokerConnection, producerId: number, isCommit: boolean, coordinatorEpoch = 0) {
  const topics = [{ name: 'orders', partitionIndexes: [0] }]
  const marker = { producerId, producerEpoch: 0, transactionResult: isCommit, topics, coordinatorEpoch }
  const response = await connection.send(writeTxnMarkers, 1, { markers: [marker] }, { timeoutMs })
  return response.markers[0]?.topics[0]?.partitions[0]?.errorCode
}

describe('a reader of committed records', () => {
  it('waits for the marker and is told what was aborted', async () => {
    const { connection, cluster } = await startCluster(2)
    await send(connection, 'a', { producerId: 1 })
    await send(connection, 'b', { producerId: 2 })
    await send(connection, 'a2', { producerId: 1, sequence: 1 })
    expect(await fetchFrom(connection, 'orders', 0, readCommitted)).toMatchObject({
      highWatermark: 3,
      lastStableOffset: 0,
      abortedTransactions: [],
    })
    const uncommitted = await fetchFrom(connection, 'orders', 0)
    expect([valuesOf(uncommitted.records), uncommitted.abortedTransactions]).toEqual([['a', 'b', 'a2'], null])

    const reader = await cluster.broker(1).connect()
    const polled = fetchFrom(reader, 'orders', 0, { ...readCommitted, maxWaitMs: 20_000 })
    expect(await end(connection, 2, true)).toBe(errorCodes.NONE)
    expect(await end(connection, 1, false)).toBe(errorCodes.NONE)
    const { records, abortedTransactions, lastStableOffset } = await polled
    expect(valuesOf(records).slice(0, 3)).toEqual(['a', 'b', 'a2'])
    expect([abortedTransactions, lastStableOffset]).toEqual([[{ producerId: 1, firstOffset: 0 }], 5])
    const later = await fetchFrom(connection, 'orders', 2, readCommitted)
    expect(later.abortedTransactions).toEqual([{ producerId: 1, firstOffset: 0 }])
  })

  it('finds the last stable offset as the latest', async () => {
    const { connection } = await startCluster()
    await send(connection, 'a')
    const latest = async (isolationLevel: number) => {
      const partitions = [{ partitionIndex: 0, timestamp: -1 }]
      const request = { replicaId: -1, isolationLevel, topics: [{ name: 'orders', partitions }] }
      const response = await connection.send(listOffsets, 7, request, { timeoutMs })
      return response.topics[0]?.partitions[0]?.offset
    }
    expect([await latest(0), await latest(1)]).toEqual([1, 0])
    await end(connection, 1, true)
    expect([await latest(0), await latest(1)]).toEqual([2, 2])
  })

  it('reads on where it was when another broker leads', async () => {
    const { connection, cluster } = await startCluster(2)
    await send(connection, 'a', { producerId: 1 })
    await end(connection, 1, false)
    await send(connection, 'b', { producerId: 2 })
    await until('the follower is in sync', () => cluster.broker(2).replicas.partition('orders', 0)?.logEndOffset === 3)
    await cluster.kill(1)
    await until('broker 2 leads', () => cluster.broker(2).replicas.partition('orders', 0)?.isLeader)
    const successor = await cluster.broker(2).connect()
    await until('what was replicated is known', () => {
      return cluster.broker(2).replicas.partition('orders', 0)?.lastStableOffset === 2
    })
    const { abortedTransactions } = await fetchFrom(successor, 'orders', 0, readCommitted)
    expect(abortedTransactions).toEqual([{ producerId: 1, firstOffset: 0 }])
    expect(await end(successor, 2, true, -1)).toBe(errorCodes.NONE)
    expect((await fetchFrom(successor, 'orders', 3, readCommitted)).lastStableOffset).toBe(4)
  })
})

describe('a transaction’s first batch', () => {
  it.each([
    [11, 'verify'],
    [12, 'add'],
  ])('is asked about once (Produce %i: %s), for all partitions together', async (version, mode) => {
    const { connection, verifier } = await startCluster()
    expect(await send(connection, 'a', { version, partitions: [0, 1] })).toBe(errorCodes.NONE)
    expect(await send(connection, 'b', { version, sequence: 1, partitions: [0, 1] })).toBe(errorCodes.NONE)
    const partitions = [0, 1].map((partition) => ({ topic: 'orders', partition }))
    const producer = { transactionalId: 'transaction-1', producerId: 1, producerEpoch: 0 }
    expect(verifier.asked).toEqual([{ ...producer, partitions, mode }])
  })

  it('is followed by those that came meanwhile, in their order', async () => {
    const { connection, verifier } = await startCluster()
    let answer: (value?: unknown) => void = () => undefined
    verifier.answered = new Promise((resolve) => {
      answer = resolve
    })
    const sent = [0, 1, 2].map((sequence) => send(connection, `${sequence}`, { sequence }))
    await until('the coordinator is asked', () => verifier.asked.length > 0)
    answer()
    expect(await Promise.all(sent)).toEqual([0, 0, 0])
    expect(valuesOf((await fetchFrom(connection, 'orders', 0)).records)).toEqual(['0', '1', '2'])
    expect(verifier.asked).toHaveLength(1)
  })

  it('is refused in words that clients of each version know', async () => {
    const { connection, verifier } = await startCluster()
    const refusal = (errorCode: ErrorCode, version: number) => {
      verifier.errorCode = errorCode
      return send(connection, 'a', { version })
    }
    expect(await refusal(errorCodes.PRODUCER_FENCED, 12)).toBe(errorCodes.INVALID_PRODUCER_EPOCH)
    expect(await refusal(errorCodes.TRANSACTION_ABORTABLE, 10)).toBe(errorCodes.INVALID_TXN_STATE)
    expect(await refusal(errorCodes.TRANSACTION_ABORTABLE, 11)).toBe(errorCodes.TRANSACTION_ABORTABLE)
    expect(await refusal(errorCodes.NOT_COORDINATOR, 12)).toBe(errorCodes.NOT_ENOUGH_REPLICAS)
    expect(await refusal(errorCodes.CONCURRENT_TRANSACTIONS, 11)).toBe(errorCodes.NOT_ENOUGH_REPLICAS)
    expect(await refusal(errorCodes.CONCURRENT_TRANSACTIONS, 12)).toBe(errorCodes.CONCURRENT_TRANSACTIONS)
    expect((await fetchFrom(connection, 'orders', 0)).highWatermark).toBe(0)
  })

  it('is not appended when a marker overtook the coordinator’s answer', async () => {
    const { connection, verifier, cluster } = await startCluster()
    let answer: (value?: unknown) => void = () => undefined
    verifier.answered = new Promise((resolve) => {
      answer = resolve
    })
    const sent = send(connection, 'a', { version: 11 })
    await until('the coordinator is asked', () => verifier.asked.length > 0)
    const coordinator = await cluster.broker(1).connect()
    expect(await end(coordinator, 1, false)).toBe(errorCodes.NONE)
    answer()
    expect(await sent).toBe(errorCodes.INVALID_TXN_STATE)
  })
})

describe('a marker', () => {
  it('is told to those who listen once it is replicated', async () => {
    const { connection, cluster } = await startCluster(2)
    const ends: TransactionEnd[] = []
    cluster.broker(1).replicas.onTransactionEnd((ended) => ends.push(ended))
    await send(connection, 'a')
    await end(connection, 1, true)
    expect(ends).toEqual([{ topic: 'orders', partition: 0, producerId: 1, producerEpoch: 0, isCommit: true }])
  })

  it('of an older coordinator is fenced, and one for a partition elsewhere is refused', async () => {
    const { connection, cluster } = await startCluster(2)
    await send(connection, 'a')
    expect(await end(connection, 1, true, 3)).toBe(errorCodes.NONE)
    expect(await end(connection, 1, false, 2)).toBe(errorCodes.TRANSACTION_COORDINATOR_FENCED)
    const follower = await cluster.broker(2).connect()
    expect(await end(follower, 1, false, 4)).toBe(errorCodes.NOT_LEADER_OR_FOLLOWER)
  })
})

it('the producers of a partition are described by its leader', async () => {
  const { connection } = await startCluster()
  await send(connection, 'a', { producerId: 5, sequence: 0 })
  const request = { topics: [{ name: 'orders', partitionIndexes: [0, 7] }] }
  const { topics } = await connection.send(describeProducers, 0, request, { timeoutMs })
  expect(topics[0]?.partitions).toMatchObject([
    {
      errorCode: errorCodes.NONE,
      activeProducers: [
        { producerId: 5, producerEpoch: 0, lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0 },
      ],
    },
    { errorCode: errorCodes.UNKNOWN_TOPIC_OR_PARTITION, activeProducers: [] },
  ])
})

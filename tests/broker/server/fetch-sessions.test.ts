import { describe, expect, it } from 'vitest'
import type { BrokerConnection } from '../../../broker/network/connection.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { type FetchRequest, type FetchRequestBody, fetch } from '../../../broker/protocol/messages/01-fetch.ts'
import { zeroUuid } from '../../../broker/protocol/schema.ts'
import { FetchSession } from '../../../broker/server/fetch-session.ts'
import { FetchSessions } from '../../../broker/server/fetch-sessions.ts'
import { FixedClock } from '../log/open-test-log.ts'
import { produceTo, valuesOf } from '../replication/replica-client.ts'
import { ReplicaCluster } from '../replication/replica-cluster.ts'

const defaultFetchPartition = {
  currentLeaderEpoch: -1,
  logStartOffset: -1,
  partitionMaxBytes: 10_000,
  replicaDirectoryId: zeroUuid,
  highWatermark: Number.MAX_SAFE_INTEGER,
}

interface Change {
  readonly ask?: Record<number, number>
  readonly forget?: number[]
  readonly version?: number
}

/** `partition: values` of what is answered, or the error. */
async function fetchInSession(connection: BrokerConnection, sessionId: number, sessionEpoch: number, change: Change) {
  const { ask = {}, forget = [], version = 12 } = change
  const partitions = Object.entries(ask).map(([partition, fetchOffset]) => {
    return { partition: Number(partition), fetchOffset, partitionMaxBytes: 10_000 }
  })
  const request: FetchRequestBody = {
    ...{ maxWaitMs: 0, minBytes: 1, sessionId, sessionEpoch },
    topics: partitions.length === 0 ? [] : [{ topic: 'orders', partitions }],
    forgottenTopicsData: forget.length === 0 ? [] : [{ topic: 'orders', partitions: forget }],
  }
  const response = await connection.send(fetch, version, request, { timeoutMs: 30_000 })
  const answered = response.responses.flatMap((topic) =>
    topic.partitions.map(({ partitionIndex, errorCode, records }) => {
      return `${partitionIndex}: ${errorCode === 0 ? valuesOf(records).join(' ') : errorCode}`
    }),
  )
  return { sessionId: response.sessionId, errorCode: response.errorCode, answered }
}

async function startSession() {
  const cluster = await ReplicaCluster.start(1)
  await cluster.createTopic('orders', [[1], [1], [1]])
  const connection = await cluster.broker(1).connect()
  await produceTo(connection, 'orders', ['a'])
  const opened = await fetchInSession(connection, 0, 0, { ask: { 0: 0, 1: 0, 2: 0 } })
  return { cluster, connection, opened }
}

describe('a fetch session', () => {
  it('is told of what has changed, and tells what changes', async () => {
    const { connection, opened } = await startSession()
    const { sessionId } = opened
    expect(sessionId).toBeGreaterThan(0)
    expect(opened.answered).toEqual(['0: a', '1: ', '2: '])
    const next = (epoch: number, change: Change = {}) => fetchInSession(connection, sessionId, epoch, change)
    expect(await next(1, { ask: { 0: 1 } })).toEqual({ sessionId, errorCode: 0, answered: [] })
    await produceTo(connection, 'orders', ['b'], { index: 2 })
    expect((await next(2)).answered).toEqual(['2: b'])
    // Not told otherwise, it is read from the same offset again.
    expect((await next(3)).answered).toEqual(['2: b'])
    expect((await next(4, { ask: { 2: 1 } })).answered).toEqual([])
    await produceTo(connection, 'orders', ['c'], { index: 2 })
    await produceTo(connection, 'orders', ['d'], { index: 0 })
    expect((await next(5, { forget: [2] })).answered).toEqual(['0: d'])
    expect((await next(6, { ask: { 0: 2, 2: 1 } })).answered).toEqual(['2: c'])
  })

  it('reads what was answered last after the others', async () => {
    const { connection, opened } = await startSession()
    for (const index of [1, 2]) await produceTo(connection, 'orders', [`in ${index}`], { index })
    const next = async (epoch: number) => (await fetchInSession(connection, opened.sessionId, epoch, {})).answered
    expect(await next(1)).toEqual(['1: in 1', '2: in 2', '0: a'])
  })

  it('tells of an error each time, and of its end', async () => {
    const { connection, opened } = await startSession()
    const next = async (epoch: number, change: Change = {}) =>
      (await fetchInSession(connection, opened.sessionId, epoch, change)).answered
    expect(await next(1, { ask: { 0: 1, 1: 9 } })).toEqual([`1: ${errorCodes.OFFSET_OUT_OF_RANGE}`])
    expect(await next(2)).toEqual([`1: ${errorCodes.OFFSET_OUT_OF_RANGE}`])
    expect(await next(3, { ask: { 1: 0 } })).toEqual(['1: '])
    expect(await next(4)).toEqual([])
  })

  it('tells a follower the high watermark again that had no use for an answer, as its log had parted from the leader', () => {
    const told = (isPrivileged: boolean) => {
      const session = new FetchSession({ id: 1, isPrivileged, usesTopicIds: false, nowMs: 0 })
      const ask = (lastFetchedEpoch: number) => {
        const request = { partition: 0, fetchOffset: 1, lastFetchedEpoch }
        const names = [{ topic: 'orders', topicId: zeroUuid, partitions: [{ ...defaultFetchPartition, ...request }] }]
        session.update(names, [])
      }
      const answer = (divergingEpoch?: { epoch: number; endOffset: number }) => {
        const data = { partitionIndex: 0, errorCode: 0, highWatermark: 1, logStartOffset: 0, records: null }
        const partitions = [{ ...data, ...(divergingEpoch && { divergingEpoch }) }]
        return session.select([{ topic: 'orders', partitions }], true).length > 0
      }
      ask(2)
      const whenParted = answer({ epoch: 0, endOffset: 1 })
      ask(0)
      return [whenParted, answer(), answer()]
    }
    expect(told(true)).toEqual([true, true, false])
    expect(told(false)).toEqual([true, false, false])
  })

  it('ends when it is unknown, out of step, or empty', async () => {
    const { connection, opened } = await startSession()
    const { sessionId } = opened
    const errorOf = async (id: number, epoch: number, change: Change = {}) =>
      (await fetchInSession(connection, id, epoch, change)).errorCode
    expect(await errorOf(sessionId + 1, 1)).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
    expect(await errorOf(sessionId, 2)).toBe(errorCodes.INVALID_FETCH_SESSION_EPOCH)
    expect(await errorOf(sessionId, 1, { version: 13 })).toBe(errorCodes.FETCH_SESSION_TOPIC_ID_ERROR)
    expect(await errorOf(sessionId, 1)).toBe(errorCodes.NONE)
    const emptied = await fetchInSession(connection, sessionId, 2, { forget: [0, 1, 2] })
    expect(emptied).toEqual({ sessionId: 0, errorCode: 0, answered: [] })
    expect(await errorOf(sessionId, 3)).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
  })

  it('is closed by a full fetch that names it', async () => {
    const { connection, opened } = await startSession()
    const full = await fetchInSession(connection, opened.sessionId, -1, { ask: { 0: 0 } })
    expect(full).toEqual({ sessionId: 0, errorCode: 0, answered: ['0: a'] })
    const closed = await fetchInSession(connection, opened.sessionId, 1, {})
    expect(closed.errorCode).toBe(errorCodes.FETCH_SESSION_ID_NOT_FOUND)
  })
})

describe('the sessions of a broker', () => {
  function full(partitionCount: number): FetchRequest {
    const partitions = Array.from({ length: partitionCount }, (_, partition) => {
      return { ...askedDefaults, partition, fetchOffset: 0, partitionMaxBytes: 1 }
    })
    return { ...requestDefaults, topics: [{ topic: 'orders', topicId: '', partitions }] }
  }
  const askedDefaults = {
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    replicaDirectoryId: '',
    highWatermark: 0,
  }
  const requestDefaults = {
    ...{ clusterId: null, replicaId: -1, replicaState: { replicaId: -1, replicaEpoch: -1 }, maxWaitMs: 0, minBytes: 0 },
    ...{ maxBytes: 1, isolationLevel: 0, sessionId: 0, sessionEpoch: 0, forgottenTopicsData: [], rackId: '' },
  }
  const consumer = { isPrivileged: false, usesTopicIds: false }
  const follower = { isPrivileged: true, usesTopicIds: false }

  it('are bounded: followers make consumers go, and the stale make room for anybody', () => {
    const clock = new FixedClock()
    const sessions = new FetchSessions({ slots: 2, clock })
    const first = sessions.open(full(1), consumer)
    expect([first?.size, sessions.open(full(2), consumer)?.size]).toEqual([1, 2])
    expect(sessions.open(full(9), consumer)).toBeUndefined()
    expect(sessions.open(full(1), follower)?.size).toBe(1)
    expect(sessions.resume({ ...full(0), sessionId: first?.id ?? 0, sessionEpoch: 1 }, false)).toBe(
      errorCodes.FETCH_SESSION_ID_NOT_FOUND,
    )
    clock.timeMs += 121_000
    expect(sessions.open(full(1), consumer)).toBeDefined()
    expect(sessions.size).toBe(2)
  })

  it('are none where there are no slots', () => {
    expect(new FetchSessions({ slots: 0, clock: new FixedClock() }).open(full(1), follower)).toBeUndefined()
  })
})

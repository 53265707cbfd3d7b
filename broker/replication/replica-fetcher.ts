import type { Scheduler } from '../clock.ts'
import { BrokerConnection, ConnectionLost } from '../network/connection.ts'
import type { Network } from '../network/network.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { type FetchRequestBody, type FetchResponse, fetch } from '../protocol/messages/01-fetch.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { type Asked, FollowerFetchSession, type SessionRequest } from './follower-fetch-session.ts'
import { askFor, type Following, Followings } from './followings.ts'
import type { Partition } from './partition.ts'
import { ReplicaUpdater } from './replica-updater.ts'
import type { ReplicationQuota } from './replication-quota.ts'
import { Signal } from './signal.ts'

/** The first version with topic ids and the replica's state, and the last that needs nothing of us beyond them. */
const fetchVersion = 17
const socketTimeoutMs = 30_000
const backoffMsMin = 10

export interface FetcherSettings {
  readonly waitMsMax: number
  readonly bytesMin: number
  readonly bytesMax: number
  readonly partitionBytesMax: number
  readonly backoffMsMax: number
}

interface InFlight {
  readonly request: SessionRequest<Following>
  /** Undefined while the request is under way. */
  answer: FetchResponse | ConnectionLost | undefined
}

/**
 * Copies all partitions that one other broker leads, over one connection: a long poll for all of them, applied, then at
 * once the next. When a partition is added while the poll is parked, a second request with the whole set is sent; the
 * leader ends the wait of the first one when it sees it. Errors of one partition delay that partition alone.
 */
export class ReplicaFetcher {
  readonly #nodeId: number
  readonly #leader: { readonly host: string; readonly port: number }
  readonly #brokerEpoch: () => number
  readonly #settings: FetcherSettings
  readonly #clock: Scheduler
  readonly #network: Network
  readonly #quota: ReplicationQuota
  readonly #timers: TimerWheel
  readonly #updater: ReplicaUpdater
  /** Told of a failure that is neither the leader's nor the network's. */
  readonly #onFailure: (error: unknown) => void
  readonly #closing = new AbortController()
  readonly #running: Promise<void>
  readonly #followings = new Followings()
  #hasMoreToAsk = false
  #connection: BrokerConnection | undefined
  readonly #news = new Signal()

  constructor(options: {
    nodeId: number
    leader: { host: string; port: number }
    brokerEpoch: () => number
    settings: FetcherSettings
    clock: Scheduler
    network: Network
    /** What this broker may copy of throttled replicas, from all leaders together. */
    quota: ReplicationQuota
    timers: TimerWheel
    onFailure: (error: unknown) => void
  }) {
    this.#nodeId = options.nodeId
    this.#leader = options.leader
    this.#brokerEpoch = options.brokerEpoch
    this.#settings = options.settings
    this.#quota = options.quota
    this.#clock = options.clock
    this.#network = options.network
    this.#timers = options.timers
    this.#onFailure = options.onFailure
    this.#updater = new ReplicaUpdater({
      nodeId: options.nodeId,
      clock: options.clock,
      quota: options.quota,
      delay: (following) => this.#delay(following),
    })
    this.#running = this.#run()
  }

  get isIdle(): boolean {
    return this.#followings.size === 0
  }

  /** Follows in the partition's present leader epoch. */
  follow(partition: Partition): void {
    this.#followings.add(partition)
    this.#askMore()
  }

  unfollow(partition: Partition): void {
    this.#followings.remove(partition)
  }

  async close(): Promise<void> {
    this.#followings.clear()
    this.#closing.abort()
    this.#connection?.close()
    this.#news.raise()
    await this.#running
  }

  async #run(): Promise<void> {
    let backoffMs = backoffMsMin
    while (!this.#closing.signal.aborted) {
      try {
        this.#connection = await BrokerConnection.connect({
          ...this.#leader,
          clientId: `broker-${this.#nodeId}-fetcher`,
          signal: this.#closing.signal,
          clock: this.#clock,
          network: this.#network,
        })
        backoffMs = backoffMsMin
        await this.#fetchFrom(this.#connection)
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error
        await this.#sleep(backoffMs)
        backoffMs = Math.min(2 * backoffMs, this.#settings.backoffMsMax)
      } finally {
        this.#connection?.close()
      }
    }
  }

  #sleep(delayMs: number): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        timer.cancel()
        this.#closing.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = this.#timers.schedule(delayMs, done)
      this.#closing.signal.addEventListener('abort', done)
    })
  }

  async #fetchFrom(connection: BrokerConnection): Promise<void> {
    /** Two at most: the one that is answered first, and one with a larger set. */
    const inFlight: InFlight[] = []
    const session = new FollowerFetchSession<Following>()
    while (!this.#closing.signal.aborted) {
      const [oldest] = inFlight
      if (oldest?.answer !== undefined) {
        inFlight.shift()
        if (oldest.answer instanceof ConnectionLost) throw oldest.answer
        const { request, answer } = oldest
        if (session.answered(request, answer)) await this.#apply(connection, request, answer)
        continue
      }
      if (oldest === undefined || (this.#hasMoreToAsk && inFlight.length < 2)) {
        this.#hasMoreToAsk = false
        const request = this.#send(connection, session)
        if (request !== undefined) inFlight.push(request)
      }
      await this.#news.next()
    }
  }

  /** `undefined` when there is nothing to ask for now. */
  #send(connection: BrokerConnection, session: FollowerFetchSession<Following>): InFlight | undefined {
    const wanted = this.#wanted()
    if (wanted.size === 0) return undefined
    const { waitMsMax, bytesMin, bytesMax } = this.#settings
    const request = session.request(wanted)
    const body: FetchRequestBody = {
      replicaState: { replicaId: this.#nodeId, replicaEpoch: this.#brokerEpoch() },
      maxWaitMs: waitMsMax,
      minBytes: bytesMin,
      maxBytes: bytesMax,
      sessionId: request.sessionId,
      sessionEpoch: request.sessionEpoch,
      topics: this.#nameTopics(request.named),
      forgottenTopicsData: this.#forgetTopics(request),
    }
    const inFlight: InFlight = { request, answer: undefined }
    const settle = (answer: FetchResponse | ConnectionLost) => {
      inFlight.answer = answer
      this.#news.raise()
    }
    connection.send(fetch, fetchVersion, body, { timeoutMs: waitMsMax + socketTimeoutMs }).then(settle, settle)
    return inFlight
  }

  #wanted(): Map<Following, Asked> {
    const nowMs = this.#clock.monotonicMs()
    const throttledForMs = this.#quota.delayMs(nowMs)
    const wanted = new Map<Following, Asked>()
    let isHeldBack = false
    for (const following of this.#followings.inTurn()) {
      if (following.retryAtMs > nowMs) continue
      if (throttledForMs > 0 && !following.isCaughtUp && following.partition.isThrottledAsFollower) isHeldBack = true
      else wanted.set(following, askFor(following))
    }
    if (isHeldBack) this.#timers.schedule(throttledForMs, () => this.#askMore())
    return wanted
  }

  #nameTopics(named: ReadonlyMap<Following, Asked>): RequestedTopic[] {
    const topics: RequestedTopic[] = []
    for (const [{ partition, leaderEpoch }, asked] of named) {
      let topic = topics.at(-1)
      if (topic?.topicId !== partition.topicId) {
        topic = { topicId: partition.topicId, partitions: [] }
        topics.push(topic)
      }
      topic.partitions.push({
        partition: partition.index,
        currentLeaderEpoch: leaderEpoch,
        fetchOffset: asked.fetchOffset,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        logStartOffset: asked.logStartOffset,
        partitionMaxBytes: this.#settings.partitionBytesMax,
      })
    }
    return topics
  }

  /** A partition that is named anew, in a later term say, is not forgotten. */
  #forgetTopics({ forgotten, wanted }: SessionRequest<Following>): FetchRequestBody['forgottenTopicsData'] {
    return forgotten.flatMap(({ partition: { topicId, index } }) => {
      const present = this.#followings.get(topicId, index)
      return present !== undefined && wanted.has(present) ? [] : [{ topicId, partitions: [index] }]
    })
  }

  async #apply(
    connection: BrokerConnection,
    { wanted }: SessionRequest<Following>,
    response: FetchResponse,
  ): Promise<void> {
    const changes: Promise<void>[] = []
    for (const topic of response.responses) {
      for (const data of topic.partitions) {
        const following = this.#followings.get(topic.topicId, data.partitionIndex)
        // What was asked before an earlier answer was applied, or in an earlier term, is of no use any more.
        const asked = following === undefined ? undefined : wanted.get(following)
        if (following === undefined || asked?.fetchOffset !== following.partition.logEndOffset) continue
        const change = this.#updater.update(connection, following, asked, data)
        if (change !== undefined) changes.push(this.#isolate(following, change))
      }
    }
    if (changes.length > 0) await Promise.all(changes)
  }

  /** One partition's trouble must not stop the others. */
  async #isolate(following: Following, change: Promise<void>): Promise<void> {
    try {
      await change
    } catch (error) {
      if (error instanceof ConnectionLost) throw error
      if (!isLeadersFault(error)) this.#onFailure(error)
      this.#delay(following)
    }
  }

  /** Mostly the leader has yet to hear of its term: the first wait is short. */
  #delay(following: Following): void {
    following.backoffMs = Math.min(Math.max(2 * following.backoffMs, backoffMsMin), this.#settings.backoffMsMax)
    following.retryAtMs = this.#clock.monotonicMs() + following.backoffMs
    this.#timers.schedule(following.backoffMs, () => this.#askMore())
  }

  #askMore(): void {
    this.#hasMoreToAsk = true
    this.#news.raise()
  }
}

interface RequestedTopic {
  readonly topicId: string
  readonly partitions: FetchRequestBody['topics'][number]['partitions'][number][]
}

/** Bytes that came damaged are asked for again; a disk that fails is ours. */
function isLeadersFault(error: unknown): boolean {
  if (error instanceof ProtocolError) return true
  return error instanceof KafkaError && error.code !== errorCodes.KAFKA_STORAGE_ERROR
}

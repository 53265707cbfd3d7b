import { randomInt } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import type { FetchRequest } from '../protocol/messages/01-fetch.ts'
import { FetchSession } from './fetch-session.ts'

/** A session that nobody has used for so long makes room for any other; Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS. */
const staleMs = 120_000

const noSession = 0
const finalEpoch = -1

/** The fetch sessions of a broker: `max.incremental.fetch.session.cache.slots` of them at most. */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #slots: number
  readonly #clock: Clock

  constructor(options: { slots: number; clock: Clock }) {
    this.#slots = options.slots
    this.#clock = options.clock
  }

  get size(): number {
    return this.#sessions.size
  }

  /**
   * The session that a request goes on with; undefined for one that names everything it wants. An error where the client
   * and this broker no longer know the same.
   */
  resume(request: FetchRequest, usesTopicIds: boolean): FetchSession | ErrorCode | undefined {
    const { sessionId, sessionEpoch } = request
    if (sessionEpoch <= 0) {
      this.#sessions.delete(sessionId)
      return undefined
    }
    const session = this.#sessions.get(sessionId)
    if (session === undefined) return errorCodes.FETCH_SESSION_ID_NOT_FOUND
    if (session.epoch !== sessionEpoch) return errorCodes.INVALID_FETCH_SESSION_EPOCH
    if (session.usesTopicIds !== usesTopicIds) return errorCodes.FETCH_SESSION_TOPIC_ID_ERROR
    session.update(request.topics, request.forgottenTopicsData)
    session.usedAtMs = this.#clock.monotonicMs()
    session.advance()
    if (session.size === 0) this.#sessions.delete(session.id)
    return session
  }

  /** A new session with what a full request names; undefined when it wants none, or there is no room for it. */
  open(request: FetchRequest, kind: { isPrivileged: boolean; usesTopicIds: boolean }): FetchSession | undefined {
    if (request.sessionEpoch === finalEpoch) return undefined
    const nowMs = this.#clock.monotonicMs()
    const session = new FetchSession({ ...kind, id: this.#newId(), nowMs })
    session.update(request.topics, [])
    if (this.#sessions.size >= this.#slots && !this.#evictFor(session, nowMs)) return undefined
    this.#sessions.set(session.id, session)
    return session
  }

  #newId(): number {
    for (;;) {
      const id = randomInt(1, 0x7fffffff)
      if (id !== noSession && !this.#sessions.has(id)) return id
    }
  }

  /** A stale one goes first; else the smallest of those that are worth less than the new one. */
  #evictFor(newcomer: FetchSession, nowMs: number): boolean {
    let victim: FetchSession | undefined
    for (const session of this.#sessions.values()) {
      if (nowMs - session.usedAtMs > staleMs) {
        victim = session
        break
      }
      const isOlder = nowMs - session.createdAtMs > staleMs
      const isLess = newcomer.isPrivileged && !session.isPrivileged
      const isSmaller = isOlder && session.isPrivileged === newcomer.isPrivileged && session.size <= newcomer.size
      if ((isLess || isSmaller) && session.size < (victim?.size ?? Number.POSITIVE_INFINITY)) victim = session
    }
    return victim !== undefined && this.#sessions.delete(victim.id)
  }
}

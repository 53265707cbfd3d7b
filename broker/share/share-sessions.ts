import { type ErrorCode, errorCodes } from '../protocol/errors.ts'

/** The epoch of a request that opens a session, and of one that closes it. */
export const initialEpoch = 0
export const finalEpoch = -1

const epochMax = 2 ** 31 - 1

export interface SessionPartition {
  readonly topicId: string
  readonly partition: number
}

/** What one member of a share group reads from this broker, so that not every request has to name it. */
export interface ShareSession {
  readonly groupId: string
  readonly memberId: string
  readonly connectionId: string
  /** Of the request that is expected next. */
  epoch: number
  readonly partitions: Map<string, SessionPartition>
}

export interface SessionRequest {
  readonly groupId: string
  readonly memberId: string
  readonly connectionId: string
  readonly epoch: number
}

/** The share sessions of a broker. A member that asks out of turn is told so and opens another. */
export class ShareSessions {
  readonly #sessions = new Map<string, ShareSession>()
  readonly #byConnection = new Map<string, Set<string>>()

  /** The session as it is for this fetch; a final one is gone. */
  fetch(
    request: SessionRequest,
    changes: { added: readonly SessionPartition[]; forgotten: readonly SessionPartition[]; sessionsMax: number },
  ): ShareSession | ErrorCode {
    const session = request.epoch === initialEpoch ? this.#open(request, changes.sessionsMax) : this.#continue(request)
    if (typeof session === 'number') return session
    for (const added of changes.added) session.partitions.set(nameOf(added), added)
    for (const forgotten of changes.forgotten) session.partitions.delete(nameOf(forgotten))
    return session
  }

  acknowledge(request: SessionRequest): ShareSession | ErrorCode {
    // Nothing can have been acquired before a session's first fetch.
    return request.epoch === initialEpoch ? errorCodes.INVALID_SHARE_SESSION_EPOCH : this.#continue(request)
  }

  /** The sessions that end with a connection. */
  disconnect(connectionId: string): ShareSession[] {
    const keys = this.#byConnection.get(connectionId) ?? []
    return [...keys].flatMap((key) => this.#remove(key) ?? [])
  }

  hasGroup(groupId: string): boolean {
    for (const session of this.#sessions.values()) if (session.groupId === groupId) return true
    return false
  }

  #open({ groupId, memberId, connectionId }: SessionRequest, sessionsMax: number): ShareSession | ErrorCode {
    const key = keyOf(groupId, memberId)
    this.#remove(key)
    if (this.#sessions.size >= sessionsMax) return errorCodes.SHARE_SESSION_LIMIT_REACHED
    const session = { groupId, memberId, connectionId, epoch: 1, partitions: new Map() }
    this.#sessions.set(key, session)
    const keys = this.#byConnection.get(connectionId) ?? new Set()
    this.#byConnection.set(connectionId, keys.add(key))
    return session
  }

  #continue({ groupId, memberId, epoch }: SessionRequest): ShareSession | ErrorCode {
    const key = keyOf(groupId, memberId)
    const session = this.#sessions.get(key)
    if (session === undefined) return errorCodes.SHARE_SESSION_NOT_FOUND
    if (epoch === finalEpoch) {
      this.#remove(key)
      return session
    }
    if (epoch !== session.epoch) return errorCodes.INVALID_SHARE_SESSION_EPOCH
    session.epoch = epoch === epochMax ? 1 : epoch + 1
    return session
  }

  #remove(key: string): ShareSession | undefined {
    const session = this.#sessions.get(key)
    if (session === undefined) return undefined
    this.#sessions.delete(key)
    const keys = this.#byConnection.get(session.connectionId)
    keys?.delete(key)
    if (keys?.size === 0) this.#byConnection.delete(session.connectionId)
    return session
  }
}

/** Neither a group's nor a member's id holds this character as a client sends it; if it did, it would name itself only. */
function keyOf(groupId: string, memberId: string): string {
  return `${groupId}\0${memberId}`
}

function nameOf({ topicId, partition }: SessionPartition): string {
  return `${topicId}:${partition}`
}

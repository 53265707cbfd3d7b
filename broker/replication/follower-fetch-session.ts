import { errorCodes } from '../protocol/errors.ts'

/** What a follower asks for of one partition. Kept as one object while nothing in it changes. */
export interface Asked {
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  readonly logStartOffset: number
}

/** One request: what it has to name, so that the leader knows all that is wanted. */
export interface SessionRequest<Key> {
  readonly sessionId: number
  readonly sessionEpoch: number
  readonly wanted: ReadonlyMap<Key, Asked>
  readonly named: ReadonlyMap<Key, Asked>
  readonly forgotten: readonly Key[]
}

const noSession = 0
const openingEpoch = 0
const finalEpoch = -1

/**
 * The follower's side of a fetch session (KIP-227). While the session opens, or when the leader has no room for it,
 * requests name everything.
 */
export class FollowerFetchSession<Key> {
  #session: { readonly id: number; epoch: number; known: ReadonlyMap<Key, Asked> } | undefined
  #isOpening = false

  request(wanted: ReadonlyMap<Key, Asked>): SessionRequest<Key> {
    const session = this.#session
    if (session === undefined) {
      const sessionEpoch = this.#isOpening ? finalEpoch : openingEpoch
      this.#isOpening = true
      return { sessionId: noSession, sessionEpoch, wanted, named: wanted, forgotten: [] }
    }
    const named = new Map<Key, Asked>()
    for (const [key, asked] of wanted) if (session.known.get(key) !== asked) named.set(key, asked)
    const forgotten: Key[] = []
    for (const key of session.known.keys()) if (!wanted.has(key)) forgotten.push(key)
    const sessionEpoch = session.epoch
    session.epoch = sessionEpoch === 0x7fffffff ? 1 : sessionEpoch + 1
    session.known = wanted
    return { sessionId: session.id, sessionEpoch, wanted, named, forgotten }
  }

  /** Whether the answer says something about partitions. */
  answered(request: SessionRequest<Key>, answer: { errorCode: number; sessionId: number }): boolean {
    if (request.sessionEpoch === openingEpoch) this.#open(request, answer.sessionId)
    if (request.sessionId !== noSession && request.sessionId === this.#session?.id) {
      const isOver = answer.errorCode !== errorCodes.NONE || answer.sessionId === noSession
      if (isOver) this.#session = undefined
    }
    return !sessionErrors.has(answer.errorCode)
  }

  #open({ wanted }: SessionRequest<Key>, id: number): void {
    this.#isOpening = false
    if (id !== noSession) this.#session = { id, epoch: 1, known: wanted }
  }
}

const sessionErrors: ReadonlySet<number> = new Set([
  errorCodes.FETCH_SESSION_ID_NOT_FOUND,
  errorCodes.INVALID_FETCH_SESSION_EPOCH,
  errorCodes.FETCH_SESSION_TOPIC_ID_ERROR,
])

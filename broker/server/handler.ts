import type { Api, RequestOf, ResponseBodyOf } from '../protocol/schema.ts'
import type { Access } from '../security/access.ts'
import type { Principal } from '../security/principal.ts'

export type ListenerName = 'client' | 'controller'

/** Says when an answer has left: what it referred to may then be used again. */
export interface Delivery {
  whenSent(release: () => void): void
}

export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly clientHost: string
  readonly listener: ListenerName
  /** The name of the listener in `listeners`; clients are told the brokers' endpoints of the one they came in by. */
  readonly listenerName: string
  readonly principal: Principal
  /** What the principal may do. */
  readonly access: Access
  /** Unique in this process; names the connection that the request came on. */
  readonly connectionId: string
  /** Of the answer; undefined where nobody can tell. */
  readonly delivery?: Delivery | undefined
}

/** Answers one api on one listener. */
export interface Handler {
  readonly api: Api
  /** `undefined` sends nothing, as a Produce with `acks=0` wants it. */
  handle(request: unknown, context: RequestContext): unknown
}

/** Thrown by a handler to end the connection: the only answer Kafka gives where a response would have no place for it. */
export class CloseConnection extends Error {
  override readonly name = 'CloseConnection'
}

type Answer<A extends Api> = ResponseBodyOf<A> | undefined

/**
 * Ties a function to an api, with the api's types. It may throw CloseConnection; any other error is a bug, is logged and
 * ends the connection too.
 */
export function handler<A extends Api>(
  api: A,
  handle: (request: RequestOf<A>, context: RequestContext) => Answer<A> | Promise<Answer<A>>,
): Handler {
  return { api, handle: (request, context) => handle(trustRequest<A>(request), context) }
}

/** The dispatcher decodes a request with the schema of the handler's own api. */
function trustRequest<A extends Api>(request: unknown): RequestOf<A> {
  return request as RequestOf<A>
}

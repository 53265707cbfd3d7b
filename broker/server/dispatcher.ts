import type { Clock } from '../clock.ts'
import { apiKeys } from '../protocol/api-keys.ts'
import { decode } from '../protocol/codec.ts'
import { errorCodes } from '../protocol/errors.ts'
import { decodeRequestHeader, type RequestHeader } from '../protocol/headers.ts'
import { apiVersions } from '../protocol/messages/18-api-versions.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Reader } from '../protocol/reader.ts'
import type { Api, ResponseBodyOf } from '../protocol/schema.ts'
import { includesVersion } from '../protocol/version-range.ts'
import type { Access } from '../security/access.ts'
import { CloseConnection, type Delivery, type Handler, type ListenerName, type RequestContext } from './handler.ts'
import type { ClientQuotas } from './quota/client-quotas.ts'
import { answerMetered, limitFetch } from './quota/metered-answer.ts'
import { encodeResponseFrame } from './response-frame.ts'

export interface ConnectionIdentity {
  readonly id: string
  readonly clientHost: string
  readonly listenerName: string
  readonly access: Access
  /** Reads nothing more from the client for so long. */
  mute?(ms: number): void
}

/** What clients have used of their quotas. */
export interface Metering {
  readonly quotas: ClientQuotas
  readonly clock: Clock
}

/** One frame, or nothing to send. */
export type ResponseBuffers = Buffer[] | undefined

/** Finds the handler of a request, and turns its answer into bytes. */
export class Dispatcher {
  readonly #listener: ListenerName
  readonly #handlers: (Handler | undefined)[] = []
  #metering: Metering | undefined

  constructor(listener: ListenerName, handlers: readonly Handler[] = []) {
    this.#listener = listener
    this.register(handlers)
  }

  /** Before the listener serves. */
  register(handlers: readonly Handler[]): void {
    for (const handler of handlers) this.#handlers[handler.api.key] = handler
  }

  /** From now on clients are held to their quotas. */
  meter(metering: Metering): void {
    this.#metering = metering
  }

  /** Every api that is answered here, in the order of their keys. */
  get apis(): readonly Api[] {
    return this.#handlers.flatMap((handler) => (handler === undefined ? [] : [handler.api]))
  }

  /**
   * Answers one frame, at once where the handler does. Throws (or rejects with) ProtocolError and CloseConnection where
   * Kafka closes the connection: an unknown api or version, a body that is not what it says.
   */
  dispatch(
    frame: Buffer,
    connection: ConnectionIdentity,
    delivery?: Delivery,
  ): ResponseBuffers | Promise<ResponseBuffers> {
    const reader = new Reader(frame)
    const header = decodeRequestHeader(reader)
    const handler = this.#handlers[header.apiKey]
    if (handler === undefined) throw new CloseConnection(`Api ${header.apiKey} is not served here`)
    if (!includesVersion(handler.api.versions, header.apiVersion)) return refuseVersion(handler, header)
    const request = decode(handler.api.request, header.apiVersion, reader)
    const context = this.#contextOf(header, connection, delivery)
    const metering = this.#metering
    if (metering?.quotas.isActive && context.principal.type !== 'Broker') {
      return dispatchMetered(metering, { handler, header, request, context, requestBytes: frame.length, connection })
    }
    const answer = handler.handle(request, context)
    if (answer instanceof Promise) return answer.then((response) => encodeResponse(handler, header, response))
    return encodeResponse(handler, header, answer)
  }

  #contextOf(header: RequestHeader, connection: ConnectionIdentity, delivery: Delivery | undefined): RequestContext {
    return {
      apiVersion: header.apiVersion,
      clientId: header.clientId,
      clientHost: connection.clientHost,
      listener: this.#listener,
      listenerName: connection.listenerName,
      principal: connection.access.client.principal,
      access: connection.access,
      connectionId: connection.id,
      delivery,
    }
  }
}

function dispatchMetered(
  { quotas, clock }: Metering,
  asked: {
    handler: Handler
    header: RequestHeader
    request: unknown
    context: RequestContext
    requestBytes: number
    connection: ConnectionIdentity
  },
): ResponseBuffers | Promise<ResponseBuffers> {
  const { handler, header, context, connection } = asked
  const client = { user: context.principal.name, clientId: context.clientId ?? '' }
  const request = limitFetch(quotas, header, asked.request, client)
  const startedAtMs = clock.monotonicMs()
  const answer = handler.handle(request, context)
  const busyMs = clock.monotonicMs() - startedAtMs
  const mute = (ms: number) => connection.mute?.(ms)
  const metered = { handler, header, request, client, requestBytes: asked.requestBytes, busyMs, mute }
  const finish = (response: unknown) => answerMetered(quotas, metered, response, clock.monotonicMs())
  return answer instanceof Promise ? answer.then(finish) : finish(answer)
}

/** A client of the future asks with an ApiVersions we do not know: version 0 tells it which ones we do (KIP-511). */
function refuseVersion(handler: Handler, header: RequestHeader): ResponseBuffers {
  const { api } = handler
  if (api.key !== apiKeys.apiVersions) {
    throw new ProtocolError(`${api.name} has no version ${header.apiVersion}`)
  }
  const own = { apiKey: api.key, minVersion: api.versions.min, maxVersion: api.versions.max }
  const response = { errorCode: errorCodes.UNSUPPORTED_VERSION, apiKeys: [own] }
  return encodeResponseFrame(apiVersions, { ...header, apiVersion: 0 }, response)
}

function encodeResponse(handler: Handler, header: RequestHeader, response: unknown): ResponseBuffers {
  return response === undefined ? undefined : encodeResponseFrame(handler.api, header, trustResponse(response))
}

/** `handler()` types each answer by the api whose schema encodes it here. */
function trustResponse(response: unknown): ResponseBodyOf<Api> {
  return response as ResponseBodyOf<Api>
}

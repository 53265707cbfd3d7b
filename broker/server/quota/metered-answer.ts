import { apiKeys } from '../../protocol/api-keys.ts'
import type { RequestHeader } from '../../protocol/headers.ts'
import type { FetchRequest } from '../../protocol/messages/01-fetch.ts'
import type { Api, ResponseBodyOf } from '../../protocol/schema.ts'
import type { Handler } from '../handler.ts'
import { encodeResponseFrame } from '../response-frame.ts'
import type { ClientQuotas } from './client-quotas.ts'
import type { QuotaClient } from './quota-limits.ts'

/** One request whose client has, or may have, a quota. */
export interface MeteredRequest {
  readonly handler: Handler
  readonly header: RequestHeader
  readonly request: unknown
  readonly client: QuotaClient
  readonly requestBytes: number
  /** How long this process did nothing else. */
  readonly busyMs: number
  /** Nothing more is read from the client for so long. */
  readonly mute: (ms: number) => void
}

/** What brokers ask of each other is not held up. */
const exempt: ReadonlySet<number> = new Set([
  apiKeys.writeTxnMarkers,
  apiKeys.saslHandshake,
  apiKeys.saslAuthenticate,
  apiKeys.apiVersions,
])

/** A share of a thread's time, in percent a second. */
const percentPerMs = 100 / 1_000

/**
 * A fetch is not answered with more than the client's quota lets it have at once: with more it would be refused over and
 * over. A follower has no quota of this kind.
 */
export function limitFetch(
  quotas: ClientQuotas,
  header: RequestHeader,
  request: unknown,
  client: QuotaClient,
): unknown {
  if (header.apiKey !== apiKeys.fetch) return request
  const fetch = trustFetch(request)
  const burst = isFollower(fetch) ? undefined : quotas.burst('consumer_byte_rate', client)
  return burst === undefined || fetch.maxBytes <= burst ? request : { ...fetch, maxBytes: burst }
}

/** Encodes the answer with the time that the client is to wait, and mutes the client for as long: answer first, then silence. */
export function answerMetered(
  quotas: ClientQuotas,
  metered: MeteredRequest,
  response: unknown,
  nowMs: number,
): Buffer[] | undefined {
  const { handler, header, client, mute } = metered
  const requestMs = exempt.has(header.apiKey)
    ? 0
    : quotas.record('request_percentage', client, metered.busyMs * percentPerMs, nowMs)
  if (response === undefined) {
    const throttleMs = Math.max(recordProduce(quotas, metered, nowMs), requestMs)
    if (throttleMs > 0) mute(throttleMs)
    return undefined
  }
  const answer = trustThrottled(response)
  const buffers = encodeResponseFrame(handler.api, header, trustResponse(answer))
  const isFetch = header.apiKey === apiKeys.fetch && !isFollower(trustFetch(metered.request))
  const bytes = isFetch ? buffers.reduce((sum, buffer) => sum + buffer.length, 0) : 0
  const fetchMs = isFetch ? quotas.record('consumer_byte_rate', client, bytes, nowMs) : 0
  const throttleTimeMs = Math.max(
    recordProduce(quotas, metered, nowMs),
    fetchMs,
    requestMs,
    // A forwarded request was measured by the controller.
    answer.throttleTimeMs ?? 0,
  )
  if (throttleTimeMs === 0) return buffers
  mute(throttleTimeMs)
  // What was read for a consumer above its quota is kept from it: it asks again when its time has come.
  if (fetchMs > 0) quotas.takeBack('consumer_byte_rate', client, bytes, nowMs)
  const throttled = fetchMs > 0 ? { ...answer, responses: [], throttleTimeMs } : { ...answer, throttleTimeMs }
  return encodeResponseFrame(handler.api, header, trustResponse(throttled))
}

function recordProduce(quotas: ClientQuotas, { header, client, requestBytes }: MeteredRequest, nowMs: number): number {
  return header.apiKey === apiKeys.produce ? quotas.record('producer_byte_rate', client, requestBytes, nowMs) : 0
}

function isFollower({ replicaId, replicaState }: FetchRequest): boolean {
  return replicaId >= 0 || replicaState.replicaId >= 0
}

/** The dispatcher decoded it with the schema of Fetch. */
function trustFetch(request: unknown): FetchRequest {
  return request as FetchRequest
}

/** Nearly every response has a throttle time; encoding leaves it out of those that have none. */
function trustThrottled(response: unknown): { throttleTimeMs?: number } {
  return response as { throttleTimeMs?: number }
}

/** `handler()` types each answer by the api whose schema encodes it. */
function trustResponse(response: unknown): ResponseBodyOf<Api> {
  return response as ResponseBodyOf<Api>
}

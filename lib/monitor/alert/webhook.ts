import { createHmac } from 'node:crypto'
import { lookup as resolveName } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Where webhooks may go. `any` is the default: Eyrie is run by those it alerts, their receivers are mostly on the same
 * private network, and only an admin can name an address. `public` refuses loopback, private and link-local addresses,
 * also those that a public name resolves to.
 */
export type WebhookAddresses = 'any' | 'public'

export interface WebhookRequest {
  readonly url: string
  readonly secret: string | null
  readonly body: string
  /** The same for each attempt of one delivery, by which the receiver knows a repetition. */
  readonly eventId: string
  readonly nowMs: number
  readonly addresses: WebhookAddresses
  readonly signal?: AbortSignal
}

export type WebhookOutcome =
  | { readonly kind: 'delivered' }
  /** Worth another try. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** The receiver does not want it, now or later. */
  | { readonly kind: 'refused'; readonly reason: string }

const timeoutMs = 10_000
const retriedStatuses = new Set([408, 425, 429])

/** Never throws: what went wrong is the outcome. The answer's body is not read, redirects are not followed. */
export async function sendWebhook(request: WebhookRequest): Promise<WebhookOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const { status, retryAfter } = await post(
      request,
      AbortSignal.any([timeout, ...(request.signal ? [request.signal] : [])]),
    )
    if (status >= 200 && status < 300) return { kind: 'delivered' }
    if (status >= 500 || retriedStatuses.has(status)) {
      return {
        kind: 'failed',
        reason: `It answered ${status}.`,
        retryAfterMs: parseRetryAfter(retryAfter, request.nowMs),
      }
    }
    const hint = status >= 300 && status < 400 ? ' Redirects are not followed: use the address it points to.' : ''
    return { kind: 'refused', reason: `It answered ${status}.${hint}` }
  } catch (error) {
    if (error instanceof ForbiddenAddressError) return { kind: 'refused', reason: error.message }
    if (timeout.aborted) return { kind: 'failed', reason: `It did not answer within ${timeoutMs / 1_000} s.` }
    return { kind: 'failed', reason: reasonOf(error) }
  }
}

/** `sha256=` and the HMAC of `timestamp.body`, the timestamp in seconds as in the header. */
function signWebhook(secret: string, timestampSeconds: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestampSeconds}.${body}`).digest('hex')}`
}

function post(
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<{ status: number; retryAfter: string | undefined }> {
  const url = new URL(request.url)
  const timestampSeconds = Math.floor(request.nowMs / 1_000)
  if (request.addresses === 'public') requirePublic(url.hostname)
  const { promise, resolve, reject } = promiseWithResolvers<{ status: number; retryAfter: string | undefined }>()
  const sent = (url.protocol === 'https:' ? https : http).request(url, {
    method: 'POST',
    signal,
    // A connection of its own: a kept one may be closed by the receiver just as it is used again.
    agent: false,
    ...(request.addresses === 'public' ? { lookup: lookupPublic } : {}),
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(request.body),
      'user-agent': 'Eyrie',
      'x-event-id': request.eventId,
      'x-timestamp': String(timestampSeconds),
      ...(request.secret === null
        ? {}
        : { 'x-signature': signWebhook(request.secret, timestampSeconds, request.body) }),
    },
  })
  sent.once('error', reject)
  sent.once('response', (response) => {
    resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
    response.destroy()
  })
  sent.end(request.body)
  return promise
}

/** Promise.withResolvers, which Node has from 22. */
function promiseWithResolvers<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

class ForbiddenAddressError extends Error {}

const privateAddresses = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  privateAddresses.addSubnet(network, prefix, 'ipv6')
}

/** Addresses written as such are never looked up; names are checked by `lookupPublic` at the moment they are used. */
function requirePublic(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '')
  const family = isIP(address)
  if (family === 0) return
  if (privateAddresses.check(address, family === 4 ? 'ipv4' : 'ipv6')) {
    throw new ForbiddenAddressError(`${address} is a private address, and only public ones are allowed here.`)
  }
}

const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, options, (error, address, family) => {
    if (error !== null) return callback(error, address, family)
    try {
      for (const one of typeof address === 'string' ? [address] : address) {
        requirePublic(typeof one === 'string' ? one : one.address)
      }
    } catch (refused) {
      return callback(refused instanceof Error ? refused : new Error(String(refused)), address, family)
    }
    callback(null, address, family)
  })
}

/** Seconds or an HTTP date. */
function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const afterMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs
  return Number.isFinite(afterMs) ? Math.max(0, afterMs) : undefined
}

function reasonOf(error: unknown): string {
  // A name with several addresses fails with one error for each.
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? `${first.message}.` : String(first)
}

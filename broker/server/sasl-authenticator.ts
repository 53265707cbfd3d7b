import { apiKeys } from '../protocol/api-keys.ts'
import { decode } from '../protocol/codec.ts'
import { errorCodes } from '../protocol/errors.ts'
import { decodeRequestHeader, type RequestHeader } from '../protocol/headers.ts'
import { saslHandshake } from '../protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../protocol/messages/36-sasl-authenticate.ts'
import { Reader } from '../protocol/reader.ts'
import { includesVersion } from '../protocol/version-range.ts'
import { formatPrincipal, type Principal } from '../security/principal.ts'
import { type SaslExchange, SaslRefusal, type SaslStep } from '../security/sasl-mechanism.ts'
import { CloseConnection } from './handler.ts'
import { encodeResponseFrame } from './response-frame.ts'

/** What a listener expects of its clients before it serves them. */
export interface SaslOptions {
  /** Nothing but ApiVersions is served before. Where it is not required, only brokers authenticate. */
  readonly isRequired: boolean
  /** The mechanisms that clients are told of. */
  readonly mechanisms: readonly string[]
  /** `connections.max.reauth.ms`; 0 for none. */
  readonly reauthMsMax: number
  /** `sasl.server.max.receive.size` */
  readonly tokenBytesMax: number
  /** Undefined for a mechanism that is not served. */
  open(mechanism: string): SaslExchange | undefined
}

export type SaslOutcome =
  | { readonly kind: 'serve' }
  | { readonly kind: 'answer'; readonly buffers: Buffer[] }
  | { readonly kind: 'authenticated'; readonly buffers: Buffer[]; readonly principal: Principal }
  /** To be answered after a while, and closed. */
  | { readonly kind: 'refused'; readonly buffers: Buffer[] }

type State =
  | { readonly kind: 'beforeHandshake' }
  | {
      readonly kind: 'exchanging'
      readonly mechanism: string
      readonly exchange: SaslExchange
      readonly isFramed: boolean
    }
  | { readonly kind: 'authenticated' }

const serve: SaslOutcome = { kind: 'serve' }
/** A client that authenticates anew more often is refused, as in Kafka. */
const reauthenticationMsMin = 1_000

/**
 * One connection's side of SASL (KIP-12, 43, 152, 368): decides for each frame whether it belongs to the authentication
 * or is to be served. Throws CloseConnection (or ProtocolError) where Kafka closes without an answer.
 */
export class SaslAuthenticator {
  readonly #options: SaslOptions
  #state: State
  /** Who authenticated first: nobody else may on this connection. */
  #established: { readonly principal: Principal; readonly mechanism: string } | undefined
  #expiresAtMs: number | undefined
  #reauthenticatedAtMs: number | undefined

  constructor(options: SaslOptions) {
    this.#options = options
    this.#state = options.isRequired ? { kind: 'beforeHandshake' } : { kind: 'authenticated' }
  }

  /** The largest frame that is read before the client has authenticated. */
  get frameBytesMax(): number {
    return this.#options.isRequired ? this.#options.tokenBytesMax : Number.POSITIVE_INFINITY
  }

  receive(frame: Buffer, nowMs: number): SaslOutcome {
    switch (this.#state.kind) {
      case 'authenticated':
        return this.#receiveAuthenticated(frame, nowMs)
      case 'beforeHandshake':
        return this.#receiveFirst(frame)
      case 'exchanging':
        return this.#receiveToken(frame, this.#state, nowMs)
    }
  }

  #receiveAuthenticated(frame: Buffer, nowMs: number): SaslOutcome {
    const isHandshake = frame.length >= 2 && frame.readInt16BE(0) === apiKeys.saslHandshake
    if (isHandshake && this.#mayHandshake(frame, nowMs)) {
      this.#reauthenticatedAtMs = nowMs
      return this.#handshake(frame)
    }
    if (this.#expiresAtMs !== undefined && nowMs > this.#expiresAtMs) throw new CloseConnection('Session expired')
    return serve
  }

  #mayHandshake(frame: Buffer, nowMs: number): boolean {
    if (this.#reauthenticatedAtMs !== undefined && nowMs < this.#reauthenticatedAtMs + reauthenticationMsMin)
      return false
    // On a listener without SASL only the cluster's brokers have something to say.
    return this.#options.isRequired || this.#options.open(mechanismIn(frame)) !== undefined
  }

  #receiveFirst(frame: Buffer): SaslOutcome {
    const { apiKey } = decodeRequestHeader(new Reader(frame))
    if (apiKey === apiKeys.saslHandshake) return this.#handshake(frame)
    if (apiKey === apiKeys.apiVersions) return serve
    throw new CloseConnection(`Api ${apiKey} is not served before authentication`)
  }

  #handshake(frame: Buffer): SaslOutcome {
    const reader = new Reader(frame)
    const header = decodeRequestHeader(reader)
    requireVersion(saslHandshake, header)
    const { mechanism } = decode(saslHandshake.request, header.apiVersion, reader)
    const { mechanisms } = this.#options
    const exchange = this.#options.open(mechanism)
    if (exchange === undefined) {
      const response = { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms }
      return { kind: 'refused', buffers: encodeResponseFrame(saslHandshake, header, response) }
    }
    this.#state = { kind: 'exchanging', mechanism, exchange, isFramed: header.apiVersion >= 1 }
    const response = { errorCode: errorCodes.NONE, mechanisms }
    return { kind: 'answer', buffers: encodeResponseFrame(saslHandshake, header, response) }
  }

  #receiveToken(frame: Buffer, state: Extract<State, { kind: 'exchanging' }>, nowMs: number): SaslOutcome {
    if (frame.length > this.#options.tokenBytesMax) throw new CloseConnection('A token of too many bytes')
    return state.isFramed ? this.#receiveFramed(frame, state, nowMs) : this.#receiveBare(frame, state, nowMs)
  }

  #receiveFramed(frame: Buffer, state: Extract<State, { kind: 'exchanging' }>, nowMs: number): SaslOutcome {
    const reader = new Reader(frame)
    const header = decodeRequestHeader(reader)
    if (header.apiKey !== apiKeys.saslAuthenticate) {
      throw new CloseConnection(`Api ${header.apiKey} is not served during authentication`)
    }
    requireVersion(saslAuthenticate, header)
    const { authBytes } = decode(saslAuthenticate.request, header.apiVersion, reader)
    const answer = (errorCode: number, errorMessage: string | null, token: Buffer, sessionLifetimeMs: number) =>
      encodeResponseFrame(saslAuthenticate, header, { errorCode, errorMessage, authBytes: token, sessionLifetimeMs })
    try {
      const { token, principal } = this.#step(state, authBytes)
      if (principal === undefined) return { kind: 'answer', buffers: answer(errorCodes.NONE, null, token, 0) }
      const lifetimeMs = this.#finish(state, principal, nowMs)
      return { kind: 'authenticated', buffers: answer(errorCodes.NONE, null, token, lifetimeMs), principal }
    } catch (error) {
      if (!(error instanceof SaslRefusal)) throw error
      const buffers = answer(errorCodes.SASL_AUTHENTICATION_FAILED, error.message, Buffer.alloc(0), 0)
      return { kind: 'refused', buffers }
    }
  }

  /** After a handshake of version 0 tokens come without a request around them, and a refusal has no words. */
  #receiveBare(frame: Buffer, state: Extract<State, { kind: 'exchanging' }>, nowMs: number): SaslOutcome {
    try {
      const { token, principal } = this.#step(state, frame)
      const size = Buffer.alloc(4)
      size.writeInt32BE(token.length)
      if (principal === undefined) return { kind: 'answer', buffers: [size, token] }
      this.#finish(state, principal, nowMs)
      return { kind: 'authenticated', buffers: [size, token], principal }
    } catch (error) {
      if (!(error instanceof SaslRefusal)) throw error
      return { kind: 'refused', buffers: [] }
    }
  }

  #step({ mechanism, exchange }: Extract<State, { kind: 'exchanging' }>, token: Buffer): SaslStep {
    const established = this.#established
    if (established !== undefined && established.mechanism !== mechanism) {
      throw new SaslRefusal(
        `SASL mechanism '${established.mechanism}' requested by client is not supported for re-authentication of mechanism '${mechanism}'`,
      )
    }
    const step = exchange.step(token)
    if (established === undefined || step.principal === undefined) return step
    const [before, now] = [formatPrincipal(established.principal), formatPrincipal(step.principal)]
    if (before === now) return step
    throw new SaslRefusal(`Cannot change principals during re-authentication from ${before} to ${now}`)
  }

  #finish({ mechanism }: { mechanism: string }, principal: Principal, nowMs: number): number {
    this.#state = { kind: 'authenticated' }
    this.#established = { principal, mechanism }
    const { reauthMsMax } = this.#options
    // The cluster's own connections do not authenticate again.
    if (reauthMsMax === 0 || principal.type === 'Broker') return 0
    this.#expiresAtMs = nowMs + reauthMsMax
    return reauthMsMax
  }
}

function mechanismIn(frame: Buffer): string {
  const reader = new Reader(frame)
  const header = decodeRequestHeader(reader)
  requireVersion(saslHandshake, header)
  return decode(saslHandshake.request, header.apiVersion, reader).mechanism
}

function requireVersion(api: typeof saslHandshake | typeof saslAuthenticate, header: RequestHeader): void {
  if (includesVersion(api.versions, header.apiVersion)) return
  throw new CloseConnection(`${api.name} has no version ${header.apiVersion}`)
}

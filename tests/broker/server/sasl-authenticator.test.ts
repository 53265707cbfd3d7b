import { describe, expect, test } from 'vitest'
import { encode } from '../../../broker/protocol/codec.ts'
import { encodeRequestHeader } from '../../../broker/protocol/headers.ts'
import { metadata } from '../../../broker/protocol/messages/03-metadata.ts'
import { saslHandshake } from '../../../broker/protocol/messages/17-sasl-handshake.ts'
import { apiVersions } from '../../../broker/protocol/messages/18-api-versions.ts'
import { saslAuthenticate } from '../../../broker/protocol/messages/36-sasl-authenticate.ts'
import type { Api, RequestBodyOf } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { plainExchange } from '../../../broker/security/sasl-plain.ts'
import { CloseConnection } from '../../../broker/server/handler.ts'
import { SaslAuthenticator, type SaslOptions } from '../../../broker/server/sasl-authenticator.ts'

const users = new Map([
  ['alice', 'a'],
  ['bob', 'b'],
])

function authenticator(options: Partial<SaslOptions> = {}): SaslAuthenticator {
  return new SaslAuthenticator({
    isRequired: true,
    mechanisms: ['PLAIN', 'OTHER'],
    reauthMsMax: 0,
    tokenBytesMax: 1_000,
    open: (mechanism) => (mechanism === 'PLAIN' || mechanism === 'OTHER' ? plainExchange(users) : undefined),
    ...options,
  })
}

function frame<A extends Api>(api: A, apiVersion: number, request: RequestBodyOf<A>): Buffer {
  const writer = new Writer()
  encodeRequestHeader({ apiKey: api.key, apiVersion, correlationId: 1, clientId: 'c' }, writer)
  encode(api.request, apiVersion, request, writer)
  return writer.toBuffer()
}

const versions = frame(apiVersions, 3, { clientSoftwareName: 'x', clientSoftwareVersion: '1' })
const handshake = (mechanism = 'PLAIN', version = 1) => frame(saslHandshake, version, { mechanism })
const token = (user: string, password: string) => Buffer.from(`\0${user}\0${password}`)
const authenticate = (user: string, password: string) =>
  frame(saslAuthenticate, 2, { authBytes: token(user, password) })
const other = frame(metadata, 9, { topics: null })

function kinds(sasl: SaslAuthenticator, ...frames: readonly Buffer[]): string[] {
  return frames.map((one) => sasl.receive(one, 0).kind)
}

describe('a connection that has to authenticate', () => {
  test('asks for versions, shakes hands, authenticates and is served', () => {
    const sasl = authenticator()
    const steps = kinds(sasl, versions, versions, handshake(), authenticate('alice', 'a'), other, versions)
    expect(steps).toEqual(['serve', 'serve', 'answer', 'authenticated', 'serve', 'serve'])
  })

  test.each([
    ['anything before the handshake', [other]],
    ['a token before the handshake', [authenticate('alice', 'a')]],
    ['anything between handshake and token', [handshake(), other]],
    ['a second handshake before the token', [handshake(), handshake()]],
    ['a token of too many bytes', [handshake(), authenticate('alice', 'x'.repeat(2_000))]],
  ])('is closed on %s', (_what, frames) => {
    const sasl = authenticator()
    expect(() => kinds(sasl, ...frames)).toThrow(CloseConnection)
  })

  test('is refused with an unknown mechanism, an unknown user and a wrong password', () => {
    expect(kinds(authenticator(), handshake('GSSAPI'))).toEqual(['refused'])
    expect(kinds(authenticator(), handshake(), authenticate('carol', 'c'))).toEqual(['answer', 'refused'])
    expect(kinds(authenticator(), handshake(), authenticate('alice', 'b'))).toEqual(['answer', 'refused'])
  })

  test('sends bare tokens after a handshake of version 0, and is told nothing when they are wrong', () => {
    const sasl = authenticator()
    sasl.receive(handshake('PLAIN', 0), 0)
    const done = sasl.receive(token('alice', 'a'), 0)
    expect(done.kind === 'authenticated' && Buffer.concat(done.buffers).toString('hex')).toBe('00000000')
    const wrong = authenticator()
    wrong.receive(handshake('PLAIN', 0), 0)
    expect(wrong.receive(token('alice', 'b'), 0)).toEqual({ kind: 'refused', buffers: [] })
  })
})

describe('a session that ends (KIP-368)', () => {
  function established(): SaslAuthenticator {
    const sasl = authenticator({ reauthMsMax: 10_000 })
    kinds(sasl, handshake(), authenticate('alice', 'a'))
    return sasl
  }

  test('is closed with the next request, unless the client authenticates again', () => {
    expect(established().receive(other, 10_000).kind).toBe('serve')
    expect(() => established().receive(other, 10_001)).toThrow(CloseConnection)
    const sasl = established()
    expect(sasl.receive(handshake(), 10_001).kind).toBe('answer')
    expect(sasl.receive(authenticate('alice', 'a'), 10_002).kind).toBe('authenticated')
    expect(sasl.receive(other, 20_001).kind).toBe('serve')
  })

  test('cannot go over to another user or mechanism', () => {
    const user = established()
    user.receive(handshake(), 5_000)
    expect(user.receive(authenticate('bob', 'b'), 5_001).kind).toBe('refused')
    const mechanism = established()
    mechanism.receive(handshake('OTHER'), 5_000)
    expect(mechanism.receive(authenticate('alice', 'a'), 5_001).kind).toBe('refused')
  })

  test('is not renewed twice a second', () => {
    const sasl = established()
    sasl.receive(handshake(), 5_000)
    sasl.receive(authenticate('alice', 'a'), 5_000)
    // The handler then says ILLEGAL_SASL_STATE.
    expect(sasl.receive(handshake(), 5_500).kind).toBe('serve')
    expect(sasl.receive(handshake(), 6_500).kind).toBe('answer')
  })
})

test('without SASL clients are served at once, and only brokers shake hands', () => {
  const open = (mechanism: string) => (mechanism === 'EYRIE-BROKER' ? plainExchange(users) : undefined)
  const sasl = authenticator({ isRequired: false, mechanisms: [], open })
  expect(kinds(sasl, other, handshake('PLAIN'), handshake('EYRIE-BROKER'))).toEqual(['serve', 'serve', 'answer'])
})

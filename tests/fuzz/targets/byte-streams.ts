import assert from 'node:assert'
import { FrameReader } from '../../../broker/network/frame-reader.ts'
import { encode } from '../../../broker/protocol/codec.ts'
import { encodeRequestHeader } from '../../../broker/protocol/headers.ts'
import { saslHandshake } from '../../../broker/protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../../../broker/protocol/messages/36-sasl-authenticate.ts'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { plainExchange } from '../../../broker/security/sasl-plain.ts'
import { ScramExchange } from '../../../broker/security/sasl-scram.ts'
import { credentialOf } from '../../../broker/security/scram.ts'
import { CloseConnection } from '../../../broker/server/handler.ts'
import { SaslAuthenticator } from '../../../broker/server/sasl-authenticator.ts'
import { damage } from '../damage.ts'
import type { FuzzTarget } from '../fuzz-target.ts'
import type { Random } from '../random.ts'

const frameBytesMax = 1_000

/** A stream of frames in pieces of any size: each frame comes out once and as it went in, or the stream ends. */
export const frameStreams: FuzzTarget = {
  name: 'frame streams',
  weight: 4,
  run(random) {
    const frames = Array.from({ length: random.below(5) }, () => random.bytes(1 + random.below(40)))
    const stream = Buffer.concat(frames.flatMap((frame) => [sizeOf(frame), frame]))
    const isWhole = random.oneIn(2)
    const sent = isWhole ? stream : damage(stream, random)
    const received: Buffer[] = []
    try {
      pushInPieces(sent, random, received)
    } catch (error) {
      if (!(error instanceof ProtocolError) || isWhole) throw error
    }
    if (isWhole) assert.deepStrictEqual(received, frames)
    for (const frame of received) assert(frame.length <= frameBytesMax)
  },
}

function pushInPieces(stream: Buffer, random: Random, received: Buffer[]): void {
  const reader = new FrameReader(frameBytesMax)
  for (let at = 0; at < stream.length; ) {
    const piece = stream.subarray(at, at + 1 + random.below(50))
    const taken = reader.push(piece, (frame) => {
      received.push(Buffer.from(frame))
      return !random.oneIn(4)
    })
    assert(taken > 0 && taken <= piece.length)
    at += taken
  }
}

function sizeOf(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return size
}

const salt = Buffer.from('salt')
const credential = credentialOf('SCRAM-SHA-256', Buffer.from('a salted password that nobody guesses'), salt, 4096)

/** Whoever says this to a secured listener must not get in, whatever it is. */
export const strangers: FuzzTarget = {
  name: 'strangers',
  weight: 4,
  run(random) {
    const mechanism = random.pick(['PLAIN', 'SCRAM-SHA-256', 'none'])
    const authenticator = new SaslAuthenticator({
      isRequired: true,
      mechanisms: ['PLAIN', 'SCRAM-SHA-256'],
      reauthMsMax: 0,
      tokenBytesMax: 1_000,
      open: (name) => {
        if (name === 'PLAIN') return plainExchange(new Map([['alice', 'a word that nobody guesses']]))
        return name === 'SCRAM-SHA-256' ? scramExchange() : undefined
      },
    })
    const version = random.below(2)
    const tokens = [handshake(mechanism, version), ...Array.from({ length: 3 }, () => tokenFrame(random, version))]
    try {
      for (const frame of tokens) {
        const outcome = authenticator.receive(random.oneIn(3) ? damage(frame, random) : frame, 0)
        assert(outcome.kind !== 'authenticated', 'A stranger was let in')
        if (outcome.kind === 'refused') return
      }
    } catch (error) {
      if (!(error instanceof ProtocolError) && !(error instanceof CloseConnection)) throw error
    }
  },
}

function scramExchange(): ScramExchange {
  return new ScramExchange({
    mechanism: 'SCRAM-SHA-256',
    findCredential: () => credential,
    principalOf: (name) => ({ type: 'User', name }),
    serverNonce: 'nonce',
  })
}

function handshake(mechanism: string, version: number): Buffer {
  const writer = new Writer()
  encodeRequestHeader({ apiKey: saslHandshake.key, apiVersion: version, correlationId: 1, clientId: null }, writer)
  encode(saslHandshake.request, version, { mechanism }, writer)
  return writer.toBuffer()
}

function tokenFrame(random: Random, handshakeVersion: number): Buffer {
  const token = damage(Buffer.from(random.pick(tokens)), random)
  if (handshakeVersion === 0) return token
  const apiVersion = random.below(3)
  const writer = new Writer()
  encodeRequestHeader({ apiKey: saslAuthenticate.key, apiVersion, correlationId: 2, clientId: null }, writer)
  encode(saslAuthenticate.request, apiVersion, { authBytes: token }, writer)
  return writer.toBuffer()
}

const tokens = [
  '\0alice\0secret',
  'alice\0alice\0secret',
  'n,,n=alice,r=abcdefgh',
  'n,a=bob,n=alice,r=abc,tokenauth=true',
  'c=biws,r=abcdefgh,p=dGVzdA==',
  'e=other-error',
]

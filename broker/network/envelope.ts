import { decode, encode } from '../protocol/codec.ts'
import { decodeResponseHeader, encodeRequestHeader, responseHeaderVersion } from '../protocol/headers.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Reader } from '../protocol/reader.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../protocol/schema.ts'
import { defaultPrincipalData } from '../protocol/structures/default-principal-data.ts'
import { Writer } from '../protocol/writer.ts'
import type { Principal } from '../security/principal.ts'

/** Whose request is sent on to the controller, which decides by that and not by who brings it (KIP-590). */
export interface ForwardedClient {
  readonly principal: Principal
  readonly clientHost: string
  readonly clientId: string | null
}

/** The controller would not have answered the client either. */
export class ForwardingRefused extends Error {
  override readonly name = 'ForwardingRefused'
}

const correlationId = 0

export function sealRequest<A extends Api>(
  api: A,
  version: number,
  request: RequestBodyOf<A>,
  { principal, clientHost, clientId }: ForwardedClient,
) {
  const writer = new Writer()
  encodeRequestHeader({ apiKey: api.key, apiVersion: version, correlationId, clientId }, writer)
  encode(api.request, version, request, writer)
  return {
    requestData: writer.toBuffer(),
    requestPrincipal: encodePrincipal(principal),
    // Kafka sends the bytes of the address. Only a controller of this release opens it, and ACLs are compared as text.
    clientHostAddress: Buffer.from(clientHost, 'utf8'),
  }
}

export function openResponse<A extends Api>(api: A, version: number, data: Buffer): ResponseOf<A> {
  const reader = new Reader(data)
  decodeResponseHeader(responseHeaderVersion(api.key, version), reader)
  return decode<A['response']>(api.response, version, reader)
}

/** As Kafka's principal serde: a version, then the structure. */
function encodePrincipal({ type, name }: Principal): Buffer {
  const writer = new Writer()
  writer.int16(defaultPrincipalData.versions.max)
  encode(defaultPrincipalData, defaultPrincipalData.versions.max, { type, name, tokenAuthenticated: false }, writer)
  return writer.toBuffer()
}

/** Throws ProtocolError. */
export function decodePrincipal(bytes: Buffer): Principal {
  const reader = new Reader(bytes)
  const version = reader.int16()
  if (version !== 0) throw new ProtocolError(`Principal of version ${version}`)
  const { type, name } = decode(defaultPrincipalData, version, reader)
  return { type, name }
}

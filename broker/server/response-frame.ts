import { encode } from '../protocol/codec.ts'
import { encodeResponseHeader, type RequestHeader, responseHeaderVersion } from '../protocol/headers.ts'
import type { Api, Encodable, ResponseBodyOf, Schema } from '../protocol/schema.ts'
import { Writer } from '../protocol/writer.ts'

/** The bytes of one response, in the version of its request. */
export function encodeResponseFrame<A extends Api>(
  api: A,
  header: RequestHeader,
  response: ResponseBodyOf<A>,
): Buffer[] {
  const writer = new Writer()
  writer.beginFrame()
  encodeResponseHeader(responseHeaderVersion(header.apiKey, header.apiVersion), header.correlationId, writer)
  encode(api.response, header.apiVersion, trustResponse(response), writer)
  writer.endFrame()
  return writer.toBuffers()
}

/** `ResponseBodyOf` is what the response's schema encodes. */
function trustResponse(response: unknown): Encodable<Schema> {
  return response as Encodable<Schema>
}

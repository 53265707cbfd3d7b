import { type Connection, ResponseError, Writer } from '@platformatic/kafka'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/** One Kafka request as we send it: which versions we speak, and how. Errors of single items stay in the response. */
export interface Operation<Request, Response extends { throttleTimeMs: number }> {
  readonly api: number
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  send(connection: Connection, version: number, request: Request): Promise<Response>
}

/**
 * An operation with an encoding of our own, over the library's connection: for messages that the library lacks, reads
 * wrongly or decodes too slowly. All versions used are flexible ones.
 */
export function wireOperation<Request, Response extends { throttleTimeMs: number }>(definition: {
  api: number
  name: string
  minVersion: number
  maxVersion: number
  encode: (writer: WireWriter, request: Request, version: number) => void
  decode: (reader: WireReader, version: number) => Response
}): Operation<Request, Response> {
  const { api, name, minVersion, maxVersion, encode, decode } = definition
  return {
    api,
    name,
    minVersion,
    maxVersion,
    send: (connection, version, request) =>
      new Promise((resolve, reject) => {
        connection.send<Response>(
          api,
          version,
          () => {
            const writer = new WireWriter()
            encode(writer, request, version)
            return Writer.create().append(writer.bytes)
          },
          (_correlationId, _api, _version, reader) =>
            decode(new WireReader(reader.buffer.subarray(reader.position).buffer), version),
          true,
          true,
          (error, response) => (error === null && response !== undefined ? resolve(response) : reject(error)),
        )
      }),
  }
}

/** An operation of the library's own, keyed by version. */
export function libraryOperation<Request, Response extends { throttleTimeMs: number }>(definition: {
  api: number
  name: string
  versions: Record<number, (connection: Connection, request: Request) => Promise<Response>>
}): Operation<Request, Response> {
  const versions = Object.keys(definition.versions).map(Number)
  return {
    api: definition.api,
    name: definition.name,
    minVersion: Math.min(...versions),
    maxVersion: Math.max(...versions),
    async send(connection, version, request) {
      const sendVersion = definition.versions[version]
      if (sendVersion === undefined) throw new RangeError(`${definition.name} v${version} is not declared`)
      try {
        return await sendVersion(connection, request)
      } catch (error) {
        // The library rejects when any item failed; we look at each item.
        if (error instanceof ResponseError) return responseOf<Response>(error)
        throw error
      }
    },
  }
}

/** The library documents `response` as the decoded message of the API that was called. */
function responseOf<Response>(error: ResponseError): Response {
  return Reflect.get(error, 'response') as Response
}

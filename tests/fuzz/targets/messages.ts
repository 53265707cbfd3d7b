import assert from 'node:assert'
import { isDeepStrictEqual } from 'node:util'
import { apis } from '../../../broker/protocol/apis.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { decodeRequestHeader, decodeResponseHeader, responseHeaderVersion } from '../../../broker/protocol/headers.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import type { Api, Schema } from '../../../broker/protocol/schema.ts'
import { includesVersion } from '../../../broker/protocol/version-range.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { structures, versionsOf } from '../../broker/protocol/schemas.ts'
import { damage } from '../damage.ts'
import type { FuzzTarget } from '../fuzz-target.ts'
import { hostileBody } from '../hostile-body.ts'
import type { Random } from '../random.ts'
import { readOrRefuse } from '../read-or-refuse.ts'

/** Every request in every version behind its header, as a connection hands it to the dispatcher. */
export const requests: FuzzTarget = {
  name: 'requests',
  weight: 60,
  run(random) {
    const api = random.pick(apis)
    const version = random.pick(versionsOf(api.request))
    const frame = spoiled(
      Buffer.concat([requestHeader(api, version, random), body(api.request, version, random)]),
      random,
    )
    readOrRefuse(() => {
      const reader = new Reader(frame)
      const header = decodeRequestHeader(reader)
      const found = apis.find(({ key }) => key === header.apiKey)
      if (found !== undefined) requireSame(found.request, header.apiVersion, reader)
    })
  },
}

/** What brokers, and the console behind its own client, are answered by whoever holds the port. */
export const responses: FuzzTarget = {
  name: 'responses',
  weight: 15,
  run(random) {
    const api = random.pick(apis)
    const version = random.pick(versionsOf(api.request))
    const header = random.bytes(4)
    const tags = responseHeaderVersion(api.key, version) === 1 ? Buffer.alloc(1) : Buffer.alloc(0)
    const frame = spoiled(Buffer.concat([header, tags, body(api.response, version, random)]), random)
    readOrRefuse(() => {
      const reader = new Reader(frame)
      decodeResponseHeader(responseHeaderVersion(api.key, version), reader)
      requireSame(api.response, version, reader)
    })
  },
}

/** What is kept in records and files. */
export const storedStructures: FuzzTarget = {
  name: 'structures',
  weight: 10,
  run(random) {
    const structure = random.pick(structures)
    const version = random.pick(versionsOf(structure))
    const bytes = spoiled(body(structure, version, random), random)
    readOrRefuse(() => requireSame(structure, version, new Reader(bytes)))
  },
}

function requestHeader(api: Api, version: number, random: Random): Buffer {
  const writer = new Writer()
  writer.int16(random.oneIn(50) ? random.pick([-1, 4, 93, 1000, 32767]) : api.key)
  writer.int16(random.oneIn(50) ? random.pick([-1, version + 1, 99, 32767]) : version)
  writer.int32(random.next() | 0)
  writer.nullableString(random.pick([null, '', 'client']))
  if (includesVersion(api.flexible, version)) {
    const tags = random.oneIn(20) ? random.bytes(6) : Buffer.alloc(1)
    writer.raw(tags)
  }
  return writer.toBuffer()
}

function body(schema: Schema, version: number, random: Random): Buffer {
  if (random.oneIn(20)) return random.bytes(random.below(200))
  return hostileBody(schema, version, random, random.pick([0, 0, 4, 12, 40]))
}

/** Half of them stay as they were made. */
function spoiled(bytes: Buffer, random: Random): Buffer {
  return random.oneIn(2) ? damage(bytes, random) : bytes
}

/** What was read writes and reads back as the same. */
function requireSame(schema: Schema, version: number, reader: Reader): void {
  const bytes = reader.remaining
  const message = decode(schema, version, reader)
  const writer = new Writer()
  encode<Schema>(schema, version, message, writer)
  const again = decode(schema, version, new Reader(writer.toBuffer()))
  if (!isDeepStrictEqual(again, message)) assert.deepStrictEqual(again, message)
  assert(writer.byteLength <= 3 * bytes + 1_000, `${bytes} bytes became a message of ${writer.byteLength}`)
}

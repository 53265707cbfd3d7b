import assert from 'node:assert'
import { compileDecoder, type Decoder } from './compile-decoder.ts'
import { compileEncoder, type Encoder } from './compile-encoder.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Reader } from './reader.ts'
import type { Decoded, Encodable, Schema } from './schema.ts'
import { includesVersion } from './version-range.ts'
import type { Writer } from './writer.ts'

/**
 * Reads a body in one version, which may be any number that came over the wire. Fields that the version does not have
 * get their defaults.
 */
export function decode<S extends Schema>(schema: S, version: number, reader: Reader): Decoded<S> {
  const codec = codecOf(schema)
  const decoder = codec.decoders[version] ?? addDecoder(codec, schema, version)
  return trustDecoded<S>(decoder(reader))
}

/** Writes a body in one version. Fields that the version does not have are left out, whatever their value. */
export function encode<S extends Schema>(schema: S, version: number, value: Encodable<S>, writer: Writer): void {
  const codec = codecOf(schema)
  const encoder = codec.encoders[version] ?? addEncoder(codec, schema, version)
  encoder(writer, value)
}

/** What a schema has been compiled to so far, by version. */
interface Codec {
  readonly decoders: Decoder[]
  readonly encoders: Encoder[]
}

const codecs = new WeakMap<Schema, Codec>()

function codecOf(schema: Schema): Codec {
  let codec = codecs.get(schema)
  if (codec === undefined) {
    codec = { decoders: [], encoders: [] }
    codecs.set(schema, codec)
  }
  return codec
}

function addDecoder(codec: Codec, schema: Schema, version: number): Decoder {
  if (!includesVersion(schema.versions, version)) throw new ProtocolError(`Version ${version} does not exist`)
  const decoder = compileDecoder(schema, version)
  codec.decoders[version] = decoder
  return decoder
}

function addEncoder(codec: Codec, schema: Schema, version: number): Encoder {
  assert(includesVersion(schema.versions, version), `Version ${version} does not exist`)
  const encoder = compileEncoder(schema, version)
  codec.encoders[version] = encoder
  return encoder
}

/** The decoder was compiled from the schema that the type was inferred from. */
function trustDecoded<S extends Schema>(value: unknown): Decoded<S> {
  return value as Decoded<S>
}

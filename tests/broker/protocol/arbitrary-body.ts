import fc from 'fast-check'
import { type Field, type FieldType, int64Max, type Schema, zeroUuid } from '../../../broker/protocol/schema.ts'
import { includesVersion } from '../../../broker/protocol/version-range.ts'

/** Any body of one version, as decoding gives it: fields that the version does not have hold their defaults. */
export function arbitraryBody(schema: Schema, version: number): fc.Arbitrary<Record<string, unknown>> {
  return arbitraryStruct(schema.fields, version)
}

function arbitraryStruct(fields: readonly Field[], version: number): fc.Arbitrary<Record<string, unknown>> {
  const values = fields.map((field) => [field.name, arbitraryField(field, version)])
  return fc.record(Object.fromEntries(values), { noNullPrototype: true })
}

function arbitraryField(field: Field, version: number): fc.Arbitrary<unknown> {
  const byDefault = fc.constant(defaultOf(field, version))
  if (!includesVersion(field.versions, version)) return byDefault
  const value = arbitraryValue(field.type, version)
  const isNullable = includesVersion(field.nullable, version)
  const any = isNullable ? fc.option(value) : value
  // Tagged fields are written only when they differ from their default, so both must be common.
  return field.tag === undefined || (field.default === null && !isNullable) ? any : fc.oneof(any, byDefault)
}

function arbitraryValue(type: FieldType, version: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean()
    case 'int8':
      return fc.integer({ min: -128, max: 127 })
    case 'int16':
      return fc.integer({ min: -32768, max: 32767 })
    case 'uint16':
      return fc.integer({ min: 0, max: 65535 })
    case 'int32':
      return fc.integer()
    case 'uint32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 })
    case 'int64':
      return fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 0, int64Max, -int64Max))
    case 'float64':
      return fc.double({ noNaN: true })
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'))
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 100 })
    case 'bytes':
    case 'records':
      return fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc.constant(Buffer.alloc(5000, 7)),
      )
    case 'array':
      return fc.array(arbitraryValue(type.element, version), { maxLength: 4 })
    case 'struct':
      return arbitraryStruct(type.fields, version)
  }
}

function defaultOf(field: Field, version: number): unknown {
  if (field.default !== undefined) return field.default
  switch (field.type.kind) {
    case 'bool':
      return false
    case 'string':
      return ''
    case 'uuid':
      return zeroUuid
    case 'bytes':
      return Buffer.alloc(0)
    case 'records':
      return includesVersion(field.nullable, version) ? null : Buffer.alloc(0)
    case 'array':
      return []
    case 'struct':
      return Object.fromEntries(field.type.fields.map((inner) => [inner.name, defaultOf(inner, version)]))
    default:
      return 0
  }
}

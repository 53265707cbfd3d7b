import { defaultSource } from './field-default.ts'
import type { Reader } from './reader.ts'
import type { Field, FieldType, PrimitiveKind, Schema } from './schema.ts'
import { sizedMethodName } from './sized-method-name.ts'
import { includesVersion } from './version-range.ts'

export type Decoder = (reader: Reader) => unknown

/**
 * Source text compiled once per schema and version: each struct is read by straight-line code that ends in one object
 * literal, which runs several times faster than walking the schema. It looks like this:
 *
 *   function struct0(reader) {
 *     const $groupId = reader.compactString()
 *     let $tagged = 0
 *     for (let left = reader.unsignedVarint(); left > 0; left--) {
 *       const tag = reader.unsignedVarint()
 *       const end = reader.taggedFieldEnd()
 *       if (tag === 0) $tagged = reader.int32()
 *       ...
 *     }
 *     return { groupId: $groupId, tagged: $tagged }
 *   }
 */
export function compileDecoder(schema: Schema, version: number): Decoder {
  const source = new DecoderSource(version, includesVersion(schema.flexible, version))
  const root = source.struct(schema.fields)
  return new Function('emptyBuffer', `'use strict'\n${source.functions.join('\n')}\nreturn ${root}`)(Buffer.alloc(0))
}

class DecoderSource {
  readonly functions: string[] = []
  readonly #version: number
  readonly #isFlexible: boolean

  constructor(version: number, isFlexible: boolean) {
    this.#version = version
    this.#isFlexible = isFlexible
  }

  /** Adds a function that reads the struct and returns its name. */
  struct(fields: readonly Field[]): string {
    const lines: string[] = []
    const tagged: Field[] = []
    for (const field of fields) {
      const isPresent = includesVersion(field.versions, this.#version)
      if (isPresent && field.tag === undefined) {
        lines.push(`const $${field.name} = ${this.#read(field.type, this.#isNullable(field))}`)
      } else {
        lines.push(`let $${field.name} = ${defaultSource(field, this.#version)}`)
        if (isPresent) tagged.push(field)
      }
    }
    if (this.#isFlexible) lines.push(this.#readTagged(tagged))
    lines.push(`return { ${fields.map((field) => `${field.name}: $${field.name}`).join(', ')} }`)
    return this.#addFunction('struct', lines)
  }

  #readTagged(fields: readonly Field[]): string {
    if (fields.length === 0) return 'reader.skipTaggedFields()'
    const cases = fields.map(
      (field) => `if (tag === ${field.tag}) $${field.name} = ${this.#read(field.type, this.#isNullable(field))}`,
    )
    return `for (let left = reader.unsignedVarint(); left > 0; left--) {
      const tag = reader.unsignedVarint()
      const end = reader.taggedFieldEnd()
      ${cases.join('\n      else ')}
      else reader.skip(end - reader.position)
      reader.endTaggedField(end)
    }`
  }

  #read(type: FieldType, isNullable: boolean): string {
    switch (type.kind) {
      case 'string':
      case 'bytes':
        return `reader.${sizedMethodName(type.kind, this.#isFlexible, isNullable)}()`
      case 'records':
        return `reader.${sizedMethodName('bytes', this.#isFlexible, isNullable)}()`
      case 'array':
        return `${this.#array(type.element, isNullable)}(reader)`
      case 'struct': {
        const struct = `${this.struct(type.fields)}(reader)`
        return isNullable ? `reader.isNullStruct() ? null : ${struct}` : struct
      }
      default:
        return `reader.${type.kind}()`
    }
  }

  #array(element: FieldType, isNullable: boolean): string {
    const length = `reader.${sizedMethodName('arrayLength', this.#isFlexible, isNullable)}(${this.#bytesMin(element)})`
    return this.#addFunction('array', [
      `const length = ${length}`,
      ...(isNullable ? ['if (length < 0) return null'] : []),
      'const items = []',
      `for (let i = 0; i < length; i++) items.push(${this.#read(element, false)})`,
      'return items',
    ])
  }

  /** The fewest bytes an element can take; never 0, so that a length cannot exceed the frame. */
  #bytesMin(type: FieldType): number {
    if (type.kind === 'array') return this.#isFlexible ? 1 : 4
    if (type.kind !== 'struct') return primitiveBytesMin(type.kind, this.#isFlexible)
    let total = this.#isFlexible ? 1 : 0
    for (const field of type.fields) {
      if (field.tag !== undefined || !includesVersion(field.versions, this.#version)) continue
      total += field.type.kind === 'struct' && this.#isNullable(field) ? 1 : this.#bytesMin(field.type)
    }
    return Math.max(total, 1)
  }

  #isNullable(field: Field): boolean {
    return includesVersion(field.nullable, this.#version)
  }

  #addFunction(prefix: string, lines: readonly string[]): string {
    const name = `${prefix}${this.functions.length}`
    this.functions.push(`function ${name}(reader) {\n    ${lines.join('\n    ')}\n}`)
    return name
  }
}

function primitiveBytesMin(kind: PrimitiveKind, isFlexible: boolean): number {
  switch (kind) {
    case 'bool':
    case 'int8':
      return 1
    case 'int16':
    case 'uint16':
      return 2
    case 'int32':
    case 'uint32':
      return 4
    case 'int64':
    case 'float64':
      return 8
    case 'uuid':
      return 16
    case 'string':
      return isFlexible ? 1 : 2
    case 'bytes':
    case 'records':
      return isFlexible ? 1 : 4
  }
}

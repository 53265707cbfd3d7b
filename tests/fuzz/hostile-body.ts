import type { Field, FieldType, Schema } from '../../broker/protocol/schema.ts'
import { includesVersion } from '../../broker/protocol/version-range.ts'
import { Writer } from '../../broker/protocol/writer.ts'
import { edges, type Random } from './random.ts'

/** What deep nests and long arrays may add up to. */
const bodyBytesMax = 8 * 1024

/**
 * The bytes of a body in one version, with a lie in one of `honesty` places: a length or a count that is not true, null
 * where there is none, text that is no UTF-8, tagged fields that nobody knows. 0 tells no lies.
 */
export function hostileBody(schema: Schema, version: number, random: Random, honesty: number): Buffer {
  const body = new BodyWriter(version, includesVersion(schema.flexible, version), random, honesty)
  body.struct(schema.fields)
  return body.writer.toBuffer()
}

class BodyWriter {
  readonly writer = new Writer()
  readonly #version: number
  readonly #isFlexible: boolean
  readonly #random: Random
  readonly #honesty: number

  constructor(version: number, isFlexible: boolean, random: Random, honesty: number) {
    this.#version = version
    this.#isFlexible = isFlexible
    this.#random = random
    this.#honesty = honesty
  }

  struct(fields: readonly Field[]): void {
    const present = fields.filter((field) => includesVersion(field.versions, this.#version))
    for (const field of present) if (field.tag === undefined) this.#field(field)
    if (this.#isFlexible) this.#tagged(present.filter((field) => field.tag !== undefined))
  }

  #field(field: Field): void {
    const isNullable = includesVersion(field.nullable, this.#version)
    this.#value(field.type, isNullable ? this.#random.oneIn(4) : this.#lies(), isNullable)
  }

  #value(type: FieldType, isNull: boolean, isNullable: boolean): void {
    switch (type.kind) {
      case 'string':
        this.#sized(isNull ? null : this.#text(), 'int16')
        return
      case 'bytes':
      case 'records':
        this.#sized(isNull ? null : this.#random.bytes(this.#size()), 'int32')
        return
      case 'array':
        this.#array(type.element, isNull)
        return
      case 'struct':
        if (isNullable) this.writer.int8(isNull ? -1 : 1)
        if (!isNullable || !isNull) this.struct(type.fields)
        return
      default:
        this.#number(type.kind)
    }
  }

  #array(element: FieldType, isNull: boolean): void {
    const room = this.writer.byteLength < bodyBytesMax
    const count = isNull || !room ? 0 : this.#random.oneIn(50) ? this.#random.below(200) : this.#random.below(4)
    this.#length(isNull ? -1 : count, 'int32')
    for (let i = 0; i < count; i++) this.#value(element, false, false)
  }

  #sized(bytes: Buffer | null, classicLength: 'int16' | 'int32'): void {
    this.#length(bytes?.length ?? -1, classicLength)
    if (bytes !== null) this.writer.raw(bytes)
  }

  #length(length: number, classic: 'int16' | 'int32'): void {
    const told = this.#lies() ? this.#random.pick([...edges, length + 1, length - 1]) : length
    if (this.#isFlexible) this.#varint(told + 1)
    else if (classic === 'int16') this.writer.raw(int(told, 2))
    else this.writer.raw(int(told, 4))
  }

  #varint(value: number): void {
    if (this.#lies()) this.writer.raw(this.#random.pick(oddVarints))
    else this.writer.unsignedVarint(value >>> 0)
  }

  #tagged(known: readonly Field[]): void {
    const random = this.#random
    const fields = known
      .filter(() => random.oneIn(2))
      .map((field) => ({ tag: field.tag ?? 0, bytes: this.#apart(field) }))
    if (random.oneIn(8))
      fields.push({ tag: random.pick([0, 1, 7, 127, 128, 2 ** 31 - 1]), bytes: random.bytes(random.below(9)) })
    if (this.#lies() && fields[0] !== undefined) fields.push(fields[0])
    if (this.#lies()) fields.reverse()
    this.#length(fields.length - 1, 'int32')
    for (const { tag, bytes } of fields) {
      this.#varint(tag)
      this.#length(bytes.length - 1, 'int32')
      this.writer.raw(bytes)
    }
  }

  /** The bytes of a field alone. */
  #apart(field: Field): Buffer {
    const inner = new BodyWriter(this.#version, this.#isFlexible, this.#random, this.#honesty)
    inner.#field(field)
    return inner.writer.toBuffer()
  }

  #number(kind: FieldType['kind']): void {
    const bytes = { bool: 1, int8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, float64: 8, uuid: 16 }
    const width = bytes[kind as keyof typeof bytes]
    const random = this.#random
    if (random.oneIn(4)) this.writer.raw(random.bytes(width))
    else this.writer.raw(int(random.oneIn(3) ? random.pick(edges) : random.below(5), width))
  }

  #text(): Buffer {
    const random = this.#random
    if (this.#lies())
      return random.pick([Buffer.from('c328a0', 'hex'), Buffer.from('f8ff', 'hex'), random.bytes(this.#size())])
    return Buffer.from(random.oneIn(4) ? 'é'.repeat(random.below(20)) : random.pick(words))
  }

  #size(): number {
    const random = this.#random
    if (random.oneIn(500)) return 40_000
    return random.oneIn(10) ? random.below(300) : random.below(12)
  }

  #lies(): boolean {
    return this.#honesty > 0 && this.#random.oneIn(this.#honesty)
  }
}

/** What a broker might take for something it knows. */
const words = [
  '',
  'a',
  'orders',
  '__consumer_offsets',
  'group',
  '*',
  'cleanup.policy',
  'range',
  '127.0.0.1',
  'x'.repeat(249),
]

/** Too long, endless, or with bits beyond the last. */
const oddVarints = ['ffffffff0f', 'ffffffff7f', 'ffffffffff01', '8080808000', '8000', 'ff', '808080808080808080'].map(
  (hex) => Buffer.from(hex, 'hex'),
)

/** Two's complement of any width. */
function int(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width, value < 0 ? 0xff : 0)
  const low = Math.min(width, 4)
  for (let i = 0; i < low; i++) bytes[width - 1 - i] = Math.floor(value / 2 ** (8 * i)) & 0xff
  return bytes
}

import assert from 'node:assert'
import { defaultSource } from './field-default.ts'
import type { Field, FieldType, Schema } from './schema.ts'
import { sizedMethodName } from './sized-method-name.ts'
import { includesVersion } from './version-range.ts'
import { Writer } from './writer.ts'

export type Encoder = (writer: Writer, value: unknown) => void

/** Source text compiled once per schema and version, as in compile-decoder.ts. */
export function compileEncoder(schema: Schema, version: number): Encoder {
  const source = new EncoderSource(version, includesVersion(schema.flexible, version))
  const root = source.struct(schema.fields, '')
  const text = `'use strict'\n${source.declarations.join('\n')}\nreturn ${root}`
  return new Function('Writer', 'refuseNull', 'emptyBuffer', text)(Writer, refuseNull, Buffer.alloc(0))
}

function refuseNull(path: string): never {
  assert.fail(`null or nothing in ${path}, which is required`)
}

class EncoderSource {
  readonly declarations: string[] = []
  readonly #version: number
  readonly #isFlexible: boolean

  constructor(version: number, isFlexible: boolean) {
    this.#version = version
    this.#isFlexible = isFlexible
  }

  /** Adds a function that writes the struct and returns its name. */
  struct(fields: readonly Field[], path: string): string {
    const present = fields.filter((field) => includesVersion(field.versions, this.#version))
    const lines: string[] = []
    for (const field of present.filter((field) => field.tag === undefined)) {
      const local = `$${field.name}`
      lines.push(this.#fieldValue(field))
      lines.push(this.#write(field.type, local, this.#isNullable(field), `${path}${field.name}`))
    }
    if (this.#isFlexible) lines.push(...this.#writeTagged(present, path))
    return this.#addFunction('struct', 'writer, value', lines)
  }

  /** Reads a field into a local; what was left out is its default. */
  #fieldValue(field: Field): string {
    const local = `$${field.name}`
    const isRequired = field.default === undefined && field.tag === undefined && !mayBeLeftOut(field)
    if (isRequired) return `const ${local} = value.${field.name}`
    return `const ${local} = value.${field.name} === undefined ? ${this.#default(field)} : value.${field.name}`
  }

  /** A tagged field is preceded by its size, so it is written aside first. */
  #writeTagged(present: readonly Field[], path: string): string[] {
    const tagged = present.filter((field) => field.tag !== undefined)
    if (tagged.length === 0) return ['writer.unsignedVarint(0)']
    tagged.sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0))
    const lines = tagged.map((field) => this.#fieldValue(field))
    const flags = tagged.map((field) => `has$${field.name}`)
    for (const [i, field] of tagged.entries())
      lines.push(`const ${flags[i]} = ${this.#differs(field, `$${field.name}`)}`)
    lines.push(`writer.unsignedVarint(${flags.map((flag) => `(${flag} ? 1 : 0)`).join(' + ')})`)
    for (const [i, field] of tagged.entries()) {
      lines.push(`if (${flags[i]}) {
      const aside = new Writer(64)
      ${this.#write(field.type, `$${field.name}`, this.#isNullable(field), `${path}${field.name}`, 'aside')}
      writer.unsignedVarint(${field.tag})
      writer.unsignedVarint(aside.byteLength)
      writer.append(aside)
    }`)
    }
    return lines
  }

  /** An expression that is true when the value is not the field's default. */
  #differs(field: Field, value: string): string {
    if (field.default === null) return `${value} !== null`
    switch (field.type.kind) {
      case 'array':
      case 'bytes':
        return `(${value} === null || ${value}.length !== 0)`
      case 'records':
        return this.#isNullable(field) ? `${value} !== null` : `${value}.length !== 0`
      case 'struct':
        return `(${value} === null || ${this.#structDiffers(field.type.fields)}(${value}))`
      default:
        return `${value} !== ${this.#default(field)}`
    }
  }

  #structDiffers(fields: readonly Field[]): string {
    const conditions = fields
      .filter((field) => includesVersion(field.versions, this.#version))
      .map((field) => `(value.${field.name} !== undefined && ${this.#differs(field, `value.${field.name}`)})`)
    return this.#addFunction('differs', 'value', [`return ${conditions.join(' || ')}`])
  }

  #write(type: FieldType, value: string, isNullable: boolean, path: string, writer = 'writer'): string {
    const guard = isNullable ? '' : `if (${value} === null || ${value} === undefined) refuseNull('${path}')\n    `
    switch (type.kind) {
      case 'string':
      case 'bytes':
        return `${guard}${writer}.${sizedMethodName(type.kind, this.#isFlexible, isNullable)}(${value})`
      case 'records':
        return `${guard}${writer}.${sizedMethodName('bytes', this.#isFlexible, isNullable)}(${value})`
      case 'array':
        return `${guard}${this.#array(type.element, isNullable, path)}(${writer}, ${value})`
      case 'struct': {
        const write = `${this.struct(type.fields, `${path}.`)}(${writer}, ${value})`
        if (!isNullable) return `${guard}${write}`
        return `if (${value} === null) ${writer}.int8(-1)\n    else { ${writer}.int8(1); ${write} }`
      }
      default:
        return `${guard}${writer}.${type.kind}(${value})`
    }
  }

  #array(element: FieldType, isNullable: boolean, path: string): string {
    const method = this.#isFlexible ? 'compactArrayLength' : 'arrayLength'
    return this.#addFunction('array', 'writer, items', [
      ...(isNullable ? [`if (items === null) return writer.${method}(-1)`] : []),
      `writer.${method}(items.length)`,
      `for (let i = 0; i < items.length; i++) {`,
      `  const item = items[i]`,
      `  ${this.#write(element, 'item', false, `${path}[]`)}`,
      '}',
    ])
  }

  /** Scalars are written in place, objects once as a constant. */
  #default(field: Field): string {
    const source = defaultSource(field, this.#version)
    if (!source.startsWith('{') && !source.startsWith('[')) return source
    const name = `default${this.declarations.length}`
    this.declarations.push(`const ${name} = ${source}`)
    return name
  }

  #isNullable(field: Field): boolean {
    return includesVersion(field.nullable, this.#version)
  }

  #addFunction(prefix: string, parameters: string, lines: readonly string[]): string {
    const name = `${prefix}${this.declarations.length}`
    this.declarations.push(`function ${name}(${parameters}) {\n    ${lines.join('\n    ')}\n}`)
    return name
  }
}

function mayBeLeftOut(field: Field): boolean {
  return field.nullable.max >= 0 || field.versions.min > 0 || field.versions.max !== Number.POSITIVE_INFINITY
}

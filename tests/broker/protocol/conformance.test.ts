import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { apis } from '../../../broker/protocol/apis.ts'
import { errorCodes, isRetriable } from '../../../broker/protocol/errors.ts'
import { type Field, type FieldType, int64Max } from '../../../broker/protocol/schema.ts'
import { includesVersion, noVersions, parseVersionRange } from '../../../broker/protocol/version-range.ts'
import { schemas, structures, versionsOf } from './schemas.ts'

/** Kafka's own definitions, from Kafka's trunk after 4.3. They lie beside the repository where the project is developed. */
const definitionsFolder = new URL('../../../../shared/kafka-messages/', import.meta.url)
/** Those of the share coordinator are not among them; these are taken from Apache Kafka 4.3.1. */
const shareCoordinatorFolder = new URL('share-coordinator/', import.meta.url)

/** Where we speak less than the definitions allow: versions that 4.3 does not have, or calls unstable. */
const narrowed: Record<string, string> = {
  InitProducerId: '0-5',
  ApiVersions: '0-4',
  TxnOffsetCommit: '0-5',
  DeleteGroups: '0-2',
}

interface FieldDefinition {
  name: string
  type: string
  versions?: string
  nullableVersions?: string
  taggedVersions?: string
  tag?: number
  default?: unknown
  fields?: FieldDefinition[]
}

interface Definition {
  apiKey?: number
  name: string
  validVersions: string
  flexibleVersions: string
  fields: FieldDefinition[]
  commonStructs?: { name: string; fields: FieldDefinition[] }[]
}

/** One field as it is in one version. */
interface Shape {
  name: string
  type: string
  isNullable: boolean
  tag: number | undefined
  default: unknown
  fields: Shape[]
}

describe.skipIf(!existsSync(definitionsFolder))('conformance with the definitions of Apache Kafka', () => {
  const definitions = existsSync(definitionsFolder) ? loadDefinitions() : new Map<string, Definition>()

  test.each([...schemas])('%s has the fields of its definition in every version', (name, schema) => {
    const definition = definitions.get(name)
    if (definition === undefined) throw new Error(`No definition of ${name}`)
    for (const version of versionsOf(schema)) {
      expect(shapesOf(schema.fields, version), `version ${version}`).toEqual(
        definedShapes(definition, definition.fields, version),
      )
    }
  })

  test.each([...schemas])('%s has the versions of its definition', (name, schema) => {
    const definition = definitions.get(name)
    expect(definition?.flexibleVersions).toBeDefined()
    expect(schema.flexible).toEqual(parseVersionRange(definition?.flexibleVersions ?? ''))
    const expected = narrowed[name.replace(/Request$|Response$/, '')] ?? definition?.validVersions ?? ''
    expect(schema.versions).toEqual(parseVersionRange(expected))
  })

  test.each(Object.keys(narrowed))('%s is narrower than its definition', (name) => {
    const defined = parseVersionRange(definitions.get(`${name}Request`)?.validVersions ?? '')
    expect(parseVersionRange(narrowed[name] ?? '').max).toBeLessThan(defined.max)
  })

  test.each(apis.map((api) => [api.name, api] as const))('%s has its key', (name, api) => {
    expect(definitions.get(`${name}Request`)?.apiKey).toBe(api.key)
    expect(api.request.api).toBe(api.key)
    expect(api.response.api).toBe(api.key)
    expect(api.response.versions).toEqual(api.request.versions)
  })

  test.each(structures.map((structure) => [structure.name, structure] as const))(
    '%s has its type',
    (name, structure) => {
      expect(structure.recordType).toBe(definitions.get(name)?.apiKey)
    },
  )

  test('error codes and what may be retried are those of Kafka', () => {
    const errors: { code: number; name: string; retriable?: boolean }[] = readJson(
      new URL('errors.json', definitionsFolder),
    )
    expect(errorCodes).toEqual(Object.fromEntries(errors.map((error) => [error.name, error.code])))
    for (const error of errors) expect(isRetriable(error.code), error.name).toBe(error.retriable ?? false)
  })
})

function loadDefinitions(): Map<string, Definition> {
  const found = new Map<string, Definition>()
  const folders = ['./', 'metadata/', 'group-coordinator/', 'transaction-coordinator/']
  for (const folder of [...folders.map((name) => new URL(name, definitionsFolder)), shareCoordinatorFolder]) {
    for (const file of readdirSync(folder)) {
      if (!file.endsWith('.json') || file === 'errors.json') continue
      const definition: Definition = readJson(new URL(file, folder))
      found.set(definition.name, definition)
    }
  }
  return found
}

function readJson<T>(file: URL): T {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function shapesOf(fields: readonly Field[], version: number): Shape[] {
  return fields
    .filter((field) => includesVersion(field.versions, version))
    .map((field) => ({
      name: field.name,
      type: typeName(field.type),
      isNullable: includesVersion(field.nullable, version),
      tag: field.tag,
      default: field.default,
      fields: shapesOf(structFields(field.type), version),
    }))
}

function typeName(type: FieldType): string {
  return type.kind === 'array' ? `[]${typeName(type.element)}` : type.kind
}

function structFields(type: FieldType): readonly Field[] {
  if (type.kind === 'array') return structFields(type.element)
  return type.kind === 'struct' ? type.fields : []
}

function definedShapes(definition: Definition, fields: readonly FieldDefinition[], version: number): Shape[] {
  return fields
    .filter((field) => includesVersion(parseVersionRange(field.versions ?? field.taggedVersions ?? 'none'), version))
    .map((field) => {
      const element = field.type.replace('[]', '')
      const isStruct = /^[A-Z]/.test(element)
      const common = definition.commonStructs?.find((struct) => struct.name === element)
      const tagged = field.taggedVersions === undefined ? noVersions : parseVersionRange(field.taggedVersions)
      return {
        name: field.name.charAt(0).toLowerCase() + field.name.slice(1),
        type: isStruct ? field.type.replace(element, 'struct') : field.type,
        isNullable: includesVersion(parseVersionRange(field.nullableVersions ?? 'none'), version),
        tag: includesVersion(tagged, version) ? field.tag : undefined,
        default: definedDefault(element, field.default),
        fields: isStruct ? definedShapes(definition, common?.fields ?? field.fields ?? [], version) : [],
      }
    })
}

/** The definitions write defaults as text, mostly. */
function definedDefault(type: string, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (value === 'null') return null
  if (type === 'string') return value
  if (type === 'bool') return value === true || value === 'true'
  return value === '9223372036854775807' ? int64Max : Number(value)
}

import { type Field, type FieldType, zeroUuid } from './schema.ts'
import { includesVersion } from './version-range.ts'

/** JavaScript source of a field's default value, as a fresh object each time it is evaluated. */
export function defaultSource(field: Field, version: number): string {
  if (field.default !== undefined) return JSON.stringify(field.default)
  return typeDefaultSource(field.type, includesVersion(field.nullable, version), version)
}

function typeDefaultSource(type: FieldType, isNullable: boolean, version: number): string {
  switch (type.kind) {
    case 'bool':
      return 'false'
    case 'string':
      return `''`
    case 'uuid':
      return `'${zeroUuid}'`
    case 'bytes':
      return 'emptyBuffer'
    case 'records':
      return isNullable ? 'null' : 'emptyBuffer'
    case 'array':
      return '[]'
    case 'struct':
      return `{ ${type.fields.map((field) => `${field.name}: ${defaultSource(field, version)}`).join(', ')} }`
    default:
      return '0'
  }
}

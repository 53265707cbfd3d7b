import { errorCodes, KafkaError } from '../protocol/errors.ts'

/** A config's type with Kafka's number for it in DescribeConfigs. */
export const configTypes = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const

export type ConfigType = keyof typeof configTypes

export type ConfigValue = boolean | number | string | readonly string[]

/** The largest long, by which Kafka says never, or without a limit. */
export const longMax = '9223372036854775807'

/** Whether a broker config can be changed while the broker runs, and for one broker or only for all. */
export type UpdateMode = 'read-only' | 'per-broker' | 'cluster-wide'

/** One config: everything that is known about it, once. `value` carries the type of its parsed value and is never set. */
export interface ConfigDefinition<Name extends string = string, Value = unknown> {
  readonly name: Name
  readonly type: ConfigType
  /** As it would be written in a properties file; null when unset. */
  readonly default: string | null
  readonly documentation: string
  readonly update: UpdateMode
  /** Shown only where it is set. */
  readonly isInternal: boolean
  /** What is wrong with a parsed value, in Kafka's words. */
  readonly findProblem: ((value: ConfigValue, name: string) => string | undefined) | undefined
  readonly value?: Value
}

interface Options<Default extends string | null> {
  readonly default: Default
  readonly documentation: string
  readonly update?: UpdateMode
  readonly isInternal?: boolean
  readonly findProblem?: (value: ConfigValue, name: string) => string | undefined
}

function define<Value>(type: ConfigType) {
  return <const Name extends string, const Default extends string | null>(
    name: Name,
    options: Options<Default>,
  ): ConfigDefinition<Name, Default extends null ? Value | null : Value> => ({
    name,
    type,
    default: options.default,
    documentation: options.documentation,
    update: options.update ?? 'read-only',
    isInternal: options.isInternal ?? false,
    findProblem: options.findProblem,
  })
}

export const boolean = define<boolean>('boolean')
export const string = define<string>('string')
export const int = define<number>('int')
export const short = define<number>('short')
export const long = define<number>('long')
export const double = define<number>('double')
export const list = define<readonly string[]>('list')
/** The name of a Java class, which nothing here loads. */
export const className = define<string>('class')
export const password = define<string>('password')

export function atLeast(min: number) {
  return (value: ConfigValue) => (Number(value) < min ? `Value must be at least ${min}` : undefined)
}

export function between(min: number, max: number) {
  return (value: ConfigValue) => (Number(value) > max ? `Value must be no more than ${max}` : atLeast(min)(value))
}

/** For a list: each of its elements. */
export function oneOf(...allowed: readonly string[]) {
  return (value: ConfigValue) =>
    elementsOf(value).every((element) => allowed.includes(element))
      ? undefined
      : `String must be one of: ${allowed.join(', ')}`
}

function elementsOf(value: ConfigValue): readonly string[] {
  return typeof value === 'object' ? value : [String(value)]
}

/** `replica.lag.time.max.ms` is the field `replicaLagTimeMaxMs` of resolved configs. */
type FieldName<Name extends string> = Name extends `${infer Head}.${infer Rest}`
  ? `${Head}${Capitalize<FieldName<Rest>>}`
  : Name

function fieldName(name: string): string {
  return name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** The parsed values of a table of definitions. */
export type ConfigValues<Definitions extends readonly ConfigDefinition[]> = {
  readonly [D in Definitions[number] as FieldName<D['name']>]: D extends ConfigDefinition<string, infer Value>
    ? Value
    : never
}

/** Parses what `findText` finds for each definition. The values must be valid. */
export function parseConfigs<const Definitions extends readonly ConfigDefinition[]>(
  definitions: Definitions,
  findText: (definition: Definitions[number]) => string | null,
): ConfigValues<Definitions> {
  const values = definitions.map((definition) => {
    const value = findText(definition)
    return [fieldName(definition.name), value === null ? null : parseConfig(definition, value)]
  })
  return trustValues<Definitions>(Object.fromEntries(values))
}

/** `values` holds a field for each definition, of the type that the definition parses to. */
function trustValues<Definitions extends readonly ConfigDefinition[]>(values: unknown): ConfigValues<Definitions> {
  return values as ConfigValues<Definitions>
}

/** Throws INVALID_CONFIG with Kafka's sentence. */
export function parseConfig(definition: ConfigDefinition, text: string): ConfigValue {
  const value = parseAs(definition, definition.type === 'password' ? text : text.trim())
  const problem = definition.findProblem?.(value, definition.name)
  if (problem !== undefined) throw invalidValue(definition.name, showInvalid(definition, value), problem)
  return value
}

function parseAs(definition: ConfigDefinition, text: string): ConfigValue {
  switch (definition.type) {
    case 'boolean':
      return parseBoolean(definition.name, text)
    case 'int':
      return parseInteger(definition, text, -(2n ** 31n), 2n ** 31n - 1n)
    case 'short':
      return parseInteger(definition, text, -(2n ** 15n), 2n ** 15n - 1n)
    case 'long':
      return parseInteger(definition, text, -(2n ** 63n), 2n ** 63n - 1n)
    case 'double':
      return parseDouble(definition.name, text)
    case 'list':
      return parseList(definition.name, text)
    case 'string':
    case 'class':
    case 'password':
      return text
  }
}

function parseBoolean(name: string, text: string): boolean {
  const lower = text.toLowerCase()
  if (lower !== 'true' && lower !== 'false') {
    throw invalidValue(name, text, 'Expected value to be either true or false')
  }
  return lower === 'true'
}

function parseInteger(definition: ConfigDefinition, text: string, min: bigint, max: bigint): number {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined
  if (value === undefined || value < min || value > max) {
    throw invalidValue(definition.name, text, `Not a number of type ${definition.type.toUpperCase()}`)
  }
  return Number(value)
}

function parseDouble(name: string, text: string): number {
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw invalidValue(name, text, 'Not a number of type DOUBLE')
  return value
}

function parseList(name: string, text: string): readonly string[] {
  if (text === '') return []
  const elements = text.split(/\s*,\s*/)
  if (elements.includes('')) {
    throw new KafkaError(errorCodes.INVALID_CONFIG, `Configuration '${name}' values must not be empty.`)
  }
  return elements
}

/** A list is refused for the element that is wrong, a throttled list as a whole: see `throttledReplicas`. */
function showInvalid(definition: ConfigDefinition, value: ConfigValue): string {
  if (typeof value !== 'object') return definition.type === 'double' ? formatConfig(definition, value) : String(value)
  const wrong = value.find((element) => definition.findProblem?.(element, definition.name) !== undefined)
  return wrong === undefined || definition.name.includes('throttled') ? `[${value.join(', ')}]` : wrong
}

function invalidValue(name: string, value: string, problem: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_CONFIG, `Invalid value ${value} for configuration ${name}: ${problem}`)
}

/** As DescribeConfigs shows a value: `" TRUE "` is `true`, `compact, delete` is `compact,delete`, a double has a point. */
export function formatConfig(definition: ConfigDefinition, value: ConfigValue): string {
  if (typeof value === 'object') return value.join(',')
  if (definition.type === 'double') return formatDouble(Number(value))
  // The largest long is no double: it prints as Java has it, not as the nearest one.
  if (definition.type === 'long' && Number(value) >= Number.MAX_SAFE_INTEGER) return longMax
  return String(value)
}

function formatDouble(value: number): string {
  const text = String(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text.replace('e+', 'E')
}

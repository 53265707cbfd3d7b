import { noVersions, parseVersionRange, type VersionRange } from './version-range.ts'

/*
 * Messages are declared as data with the functions below; codec.ts compiles them and the types follow from them:
 *
 *   Decoded<typeof schema>    what was read: every field present. Named `FetchRequest`, `FetchResponse`, `FetchPartition`.
 *   Encodable<typeof schema>  what may be written: a field may be left out when it is nullable, tagged, absent from some
 *                             versions or has a default. Named with `Body` added: `FetchRequestBody`, `FetchResponseBody`.
 *
 * A decoded value can be encoded as it is. Versions of a field are written only where it does not exist in all versions
 * of its message; a field with a `tag` is a tagged field in every version it exists in.
 */

/** int64 is a number. The largest int64 reads as this double, which writes back as the largest int64. */
export const int64Max = 2 ** 63

export const zeroUuid = 'AAAAAAAAAAAAAAAAAAAAAA'

export interface DecodedPrimitives {
  bool: boolean
  int8: number
  int16: number
  uint16: number
  int32: number
  uint32: number
  int64: number
  float64: number
  /** URL-safe base64 in 22 characters, as Kafka prints it. */
  uuid: string
  string: string
  /** A view of the frame, not a copy. */
  bytes: Buffer
  records: Buffer
}

/** Records may be given in pieces, which are written one after the other. */
export interface EncodablePrimitives extends Omit<DecodedPrimitives, 'records'> {
  records: Buffer | readonly Buffer[]
}

export type PrimitiveKind = keyof DecodedPrimitives

export type FieldType =
  | { readonly kind: PrimitiveKind }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  | { readonly kind: 'array'; readonly element: FieldType }

export interface Field<Name extends string = string, D = unknown, E = unknown, Optional extends boolean = boolean> {
  readonly name: Name
  readonly type: FieldType
  readonly versions: VersionRange
  readonly nullable: VersionRange
  readonly tag: number | undefined
  /** As declared; `undefined` stands for the type's own: zero, empty, or a struct of defaults. */
  readonly default: unknown
  /** The next three carry types and are never set. */
  readonly decoded?: D
  readonly encodable?: E
  readonly optional?: Optional
}

interface FieldOptions<Default> {
  readonly versions?: string
  readonly nullable?: string
  readonly tag?: number
  readonly default?: Default | null
}

type Nullable<Options, Value> = Options extends { nullable: string } ? Value | null : Value

type IsOptional<Options> = Options extends
  | { versions: string }
  | { nullable: string }
  | { tag: number }
  | { default: unknown }
  ? true
  : false

type PrimitiveField<Kind extends PrimitiveKind, Name extends string, Options> = Field<
  Name,
  Nullable<Options, DecodedPrimitives[Kind]>,
  Nullable<Options, EncodablePrimitives[Kind]>,
  IsOptional<Options>
>

function primitive<Kind extends PrimitiveKind>(kind: Kind) {
  return <const Name extends string, const Options extends FieldOptions<DecodedPrimitives[Kind]> = FieldOptions<never>>(
    name: Name,
    options?: Options,
  ): PrimitiveField<Kind, Name, Options> => field(name, { kind }, options)
}

function field<Name extends string>(name: Name, type: FieldType, options: FieldOptions<unknown> = {}) {
  return {
    name,
    type,
    versions: parseVersionRange(options.versions ?? '0+'),
    nullable: options.nullable === undefined ? noVersions : parseVersionRange(options.nullable),
    tag: options.tag,
    default: options.default,
  }
}

export const bool = primitive('bool')
export const int8 = primitive('int8')
export const int16 = primitive('int16')
export const uint16 = primitive('uint16')
export const int32 = primitive('int32')
export const uint32 = primitive('uint32')
export const int64 = primitive('int64')
export const float64 = primitive('float64')
export const uuid = primitive('uuid')
export const string = primitive('string')
export const bytes = primitive('bytes')
export const records = primitive('records')

export type DecodedFields<Fields extends readonly Field[]> = {
  [F in Fields[number] as F['name']]: F extends Field<string, infer D> ? D : never
}

type OptionalField = Field<string, unknown, unknown, true>

export type EncodableFields<Fields extends readonly Field[]> = {
  readonly [F in Exclude<Fields[number], OptionalField> as F['name']]: F extends Field<string, unknown, infer E>
    ? E
    : never
} & {
  readonly [F in Extract<Fields[number], OptionalField> as F['name']]?: F extends Field<string, unknown, infer E>
    ? E
    : never
}

export function struct<
  const Name extends string,
  const Fields extends readonly Field[],
  const Options extends FieldOptions<never> = FieldOptions<never>,
>(
  name: Name,
  fields: Fields,
  options?: Options,
): Field<
  Name,
  Nullable<Options, DecodedFields<Fields>>,
  Nullable<Options, EncodableFields<Fields>>,
  IsOptional<Options>
> {
  return field(name, { kind: 'struct', fields }, options)
}

type ArrayElement = PrimitiveKind | readonly Field[]

type DecodedElement<Element extends ArrayElement> = Element extends PrimitiveKind
  ? DecodedPrimitives[Element]
  : Element extends readonly Field[]
    ? DecodedFields<Element>
    : never

type EncodableElement<Element extends ArrayElement> = Element extends PrimitiveKind
  ? EncodablePrimitives[Element]
  : Element extends readonly Field[]
    ? EncodableFields<Element>
    : never

/** An array of a primitive kind, or of structs with the given fields. */
export function array<
  const Name extends string,
  const Element extends ArrayElement,
  const Options extends FieldOptions<never> = FieldOptions<never>,
>(
  name: Name,
  element: Element,
  options?: Options,
): Field<
  Name,
  Nullable<Options, DecodedElement<Element>[]>,
  Nullable<Options, readonly EncodableElement<Element>[]>,
  IsOptional<Options>
> {
  const type: FieldType = typeof element === 'string' ? { kind: element } : { kind: 'struct', fields: element }
  return field(name, { kind: 'array', element: type }, options)
}

/** Anything with a codec: a message or a structure. */
export interface Schema<Fields extends readonly Field[] = readonly Field[]> {
  readonly versions: VersionRange
  readonly flexible: VersionRange
  readonly fields: Fields
}

export type Decoded<S extends Schema> = DecodedFields<S['fields']>
export type Encodable<S extends Schema> = EncodableFields<S['fields']>

interface SchemaDeclaration<Fields extends readonly Field[]> {
  versions: string
  /** Versions in the compact encoding with tagged fields. */
  flexible: string
  fields: Fields
}

/** A request or a response. */
export interface Message<Key extends number = number, Fields extends readonly Field[] = readonly Field[]>
  extends Schema<Fields> {
  readonly api: Key
}

export function message<const Key extends number, const Fields extends readonly Field[]>(
  declaration: SchemaDeclaration<Fields> & { api: Key },
): Message<Key, Fields> {
  const { api, fields } = declaration
  return {
    api,
    versions: parseVersionRange(declaration.versions),
    flexible: parseVersionRange(declaration.flexible),
    fields,
  }
}

/** What is kept in records and files. Its version is written by whoever writes the structure, not by the codec. */
export interface Structure<Fields extends readonly Field[] = readonly Field[]> extends Schema<Fields> {
  readonly name: string
  /** Tells the records of one log apart: a metadata record's api key, a coordinator record's key version. */
  readonly recordType: number | undefined
}

export function structure<const Fields extends readonly Field[]>(
  declaration: SchemaDeclaration<Fields> & { name: string; recordType?: number },
): Structure<Fields> {
  const { name, recordType, fields } = declaration
  return {
    name,
    recordType,
    versions: parseVersionRange(declaration.versions),
    flexible: parseVersionRange(declaration.flexible),
    fields,
  }
}

/** A request with its response, in the versions that both declare. */
export interface Api<
  Key extends number = number,
  Request extends Message<Key> = Message<Key>,
  Response extends Message<Key> = Message<Key>,
> {
  readonly key: Key
  /** As in Kafka's documentation: `Heartbeat`. */
  readonly name: string
  readonly versions: VersionRange
  readonly flexible: VersionRange
  readonly request: Request
  readonly response: Response
}

export function api<Key extends number, Request extends Message<Key>, Response extends Message<Key>>(declaration: {
  key: Key
  name: string
  request: Request
  response: Response
}): Api<Key, Request, Response> {
  const { versions, flexible } = declaration.request
  return { ...declaration, versions, flexible }
}

export type RequestOf<A extends Api> = Decoded<A['request']>
export type RequestBodyOf<A extends Api> = Encodable<A['request']>
export type ResponseOf<A extends Api> = Decoded<A['response']>
export type ResponseBodyOf<A extends Api> = Encodable<A['response']>

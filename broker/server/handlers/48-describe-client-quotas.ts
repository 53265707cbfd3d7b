import type { MetadataCache } from '../../metadata/cache.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import {
  type DescribeClientQuotasRequest,
  type DescribeClientQuotasResponseBody,
  describeClientQuotas,
} from '../../protocol/messages/48-describe-client-quotas.ts'
import type { ClientQuotas } from '../../security/client-quota-table.ts'
import { handler } from '../handler.ts'

/* Versions 0-1. */

const matchTypes = { exact: 0, default: 1, specified: 2 } as const

/** What an entity must have: a name a type, or any name (or the default) of a type. */
interface Filter {
  readonly exact: ReadonlyMap<string, string | null>
  readonly any: ReadonlySet<string>
  /** Whether an entity may have other types besides. */
  readonly isStrict: boolean
}

export const describeClientQuotasHandler = (metadata: MetadataCache) =>
  handler(describeClientQuotas, (request, { access }) => {
    try {
      access.requireOnCluster('describeConfigs')
      const filter = filterOf(request)
      const entries = [...metadata.image.clientQuotas.entries].filter((quotas) => matches(filter, quotas)).map(show)
      return { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, entries }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return refused(error)
    }
  })

function refused({ code, message }: KafkaError): DescribeClientQuotasResponseBody {
  return { throttleTimeMs: 0, errorCode: code, errorMessage: message, entries: null }
}

function filterOf({ components, strict }: DescribeClientQuotasRequest): Filter {
  const exact = new Map<string, string | null>()
  const any = new Set<string>()
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') throw invalid('Invalid empty entity type.')
    if (exact.has(entityType) || any.has(entityType)) {
      throw invalid(`Entity type ${entityType} cannot appear more than once in the filter.`)
    }
    if (entityType !== 'user' && entityType !== 'client-id' && entityType !== 'ip') {
      throw new KafkaError(errorCodes.UNSUPPORTED_VERSION, `Unsupported entity type ${entityType}`)
    }
    if (matchType === matchTypes.exact) {
      if (match === null) throw invalid('Request specified MATCH_TYPE_EXACT, but set match string to null.')
      exact.set(entityType, match)
    } else if (matchType === matchTypes.default) {
      if (match !== null) throw invalid('Request specified MATCH_TYPE_DEFAULT, but also specified a match string.')
      exact.set(entityType, null)
    } else if (matchType === matchTypes.specified) {
      if (match !== null) throw invalid('Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.')
      any.add(entityType)
    } else throw invalid(`Unknown match type ${matchType}`)
  }
  const types = new Set([...exact.keys(), ...any])
  if (types.has('ip') && types.size > 1) {
    throw invalid('Invalid entity filter component combination, IP filter component should not be used with others.')
  }
  return { exact, any, isStrict: strict }
}

function matches({ exact, any, isStrict }: Filter, { entity }: ClientQuotas): boolean {
  for (const [type, name] of exact) if (!entity.has(type) || entity.get(type) !== name) return false
  for (const type of any) if (!entity.has(type)) return false
  return !isStrict || entity.size === exact.size + any.size
}

function show({ entity, values }: ClientQuotas) {
  return {
    entity: [...entity].map(([entityType, entityName]) => ({ entityType, entityName })),
    values: [...values].map(([key, value]) => ({ key, value })),
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}

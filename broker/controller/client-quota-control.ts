import { isIP } from 'node:net'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponseBody,
} from '../protocol/messages/49-alter-client-quotas.ts'
import type { QuotaEntity } from '../security/client-quota-table.ts'
import type { ControllerState, Decision } from './controller-state.ts'

type Entry = AlterClientQuotasRequest['entries'][number]
type Operation = Entry['ops'][number]

/** What may be limited, for whom, and the largest whole number of it; a percentage and a rate of changes may be fractions. */
const clientQuotas: Readonly<Record<string, number | 'fraction'>> = {
  producer_byte_rate: 2 ** 63,
  consumer_byte_rate: 2 ** 63,
  request_percentage: 'fraction',
  controller_mutation_rate: 'fraction',
}
const addressQuotas: Readonly<Record<string, number | 'fraction'>> = { connection_creation_rate: 2 ** 31 - 1 }

/** Each entity by itself. */
export function alterClientQuotas(
  state: ControllerState,
  request: AlterClientQuotasRequest,
): Decision<AlterClientQuotasResponseBody> {
  const records: MetadataRecordBody[] = []
  const entries = request.entries.map((entry) => {
    try {
      records.push(...recordsOf(state, entry))
      return { errorCode: errorCodes.NONE, errorMessage: null, entity: entry.entity }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return { errorCode: error.code, errorMessage: error.message, entity: entry.entity }
    }
  })
  return { records: request.validateOnly ? [] : records, response: { throttleTimeMs: 0, entries } }
}

function recordsOf(state: ControllerState, { entity: asked, ops }: Entry): MetadataRecordBody[] {
  const entity: QuotaEntity = new Map(asked.map(({ entityType, entityName }) => [entityType, entityName]))
  if (entity.size !== asked.length) throw invalid('Invalid client quota entity, duplicate entity types')
  validateEntity(entity)
  const limits = entity.has('ip') ? addressQuotas : clientQuotas
  return ops.flatMap((operation): MetadataRecordBody[] => {
    validateOperation(operation, limits)
    const { key, value, remove } = operation
    const current = state.image.clientQuotas.value(entity, key)
    if (remove ? current === undefined : current === value) return []
    return [{ type: 'ClientQuotaRecord', entity: asked, key, value: remove ? 0 : value, remove }]
  })
}

function validateEntity(entity: QuotaEntity): void {
  if (entity.size === 0) throw invalid('Invalid empty client quota entity')
  for (const [type, name] of entity) {
    if (type !== 'user' && type !== 'client-id' && type !== 'ip') {
      throw invalid(`Unhandled client quota entity type: ${type}`)
    }
    if (name === '') throw invalid(`Empty ${type} not supported`)
    if (type === 'ip' && name !== null && isIP(name) === 0) {
      throw invalid(`${name} is not a valid IP or resolvable host.`)
    }
  }
  if (entity.has('ip') && entity.size > 1)
    throw invalid('Invalid quota entity combination, IP entity should not be combined')
}

function validateOperation(operation: Operation, limits: Readonly<Record<string, number | 'fraction'>>): void {
  const { key, value, remove } = operation
  const limit = limits[key]
  if (limit === undefined) throw invalid(`Invalid configuration key ${key}`)
  if (remove) return
  if (!(value > 0)) throw invalid(`Quota ${key} must be greater than 0`)
  if (limit === 'fraction') return
  if (value > limit) throw invalid(`Proposed value for ${key} is too large.`)
  if (Math.abs(value % 1) > 1e-6) throw invalid(`${key} cannot be a fractional value.`)
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message)
}

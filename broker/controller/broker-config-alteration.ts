import { findBrokerConfig } from '../metadata/broker-config.ts'
import { parseConfig, type UpdateMode } from '../metadata/config-definition.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { type ControllerState, isElrEnabled } from './controller-state.ts'

/**
 * Refuses what cannot be changed while a broker runs. Names that nobody knows are kept, as Kafka does for its plugins; for
 * one listener alone (`listener.name.x.…`) nothing can be changed.
 */
export function validateBrokerAlteration(
  state: ControllerState,
  broker: string,
  next: ReadonlyMap<string, string>,
  touched: ReadonlySet<string>,
): void {
  const names = [...touched]
  const fixed = names.filter((name) => name.startsWith('listener.name.') || hasUpdateMode(name, 'read-only'))
  if (fixed.length > 0) throw refused(`Cannot update these configs dynamically: [${fixed.join(', ')}]`)
  const perBroker = broker === '' ? names.filter((name) => hasUpdateMode(name, 'per-broker')) : []
  if (perBroker.length > 0) {
    const problem = 'Cannot update these configs at default cluster level, broker id must be specified'
    throw refused(`${problem}: [${perBroker.join(', ')}]`)
  }
  if (isElrEnabled(state) && touched.has('min.insync.replicas')) requireSafeMinIsr(broker, next)
  for (const [name, text] of next) requireValidBrokerConfig(name, text)
}

function hasUpdateMode(name: string, update: UpdateMode): boolean {
  return findBrokerConfig(name)?.update === update
}

/** Brokers answer a bad value with another code than topics do. */
function requireValidBrokerConfig(name: string, text: string): void {
  const definition = findBrokerConfig(name)
  if (definition === undefined) return
  try {
    parseConfig(definition, text)
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    throw refused(error.message, error)
  }
}

/** KIP-966: who is eligible to lead was decided with the cluster's own minimum. */
function requireSafeMinIsr(broker: string, next: ReadonlyMap<string, string>): void {
  if (broker !== '') {
    throw unsafe('Broker-level min.insync.replicas cannot be altered while ELR is enabled.')
  }
  if (!next.has('min.insync.replicas')) {
    throw unsafe('Cluster-level min.insync.replicas cannot be removed while ELR is enabled.')
  }
}

function refused(message: string, cause?: unknown): KafkaError {
  return new KafkaError(errorCodes.INVALID_REQUEST, message, { cause })
}

function unsafe(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_CONFIG, message)
}

import { KafkaError, KafkaTransportError } from '../kafka/kafka-error.ts'
import { type FieldProblem, ServiceError } from './service-error.ts'

/** Runs what talks to the cluster; a refusal or silence becomes a ServiceError that says so. */
export async function withRefusals<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (cause instanceof KafkaError) throw refusal(cause)
    if (cause instanceof KafkaTransportError) throw new ServiceError('cluster_unreachable', cause.message, { cause })
    throw cause
  }
}

export function refusal(cause: KafkaError, fields: readonly FieldProblem[] = []): ServiceError {
  const { kafkaError, message } = cause
  return new ServiceError('kafka_refused', `The cluster refused: ${message}`, { kafkaError, fields, cause })
}

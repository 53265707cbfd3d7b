import { findTopicNameFault } from '../metadata/topic-name.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'

/** Throws INVALID_TOPIC_EXCEPTION with Kafka's sentence. */
export function validateTopicName(name: string): void {
  const fault = findTopicNameFault(name)
  if (fault !== undefined) throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${fault}`)
}

/** Metric names cannot tell `.` from `_`, so topics that differ only in them may not both exist. */
export function requireNoCollision(name: string, existing: Iterable<string>): void {
  if (!/[._]/.test(name)) return
  const unified = unify(name)
  for (const other of existing) {
    if (other === name || unify(other) !== unified) continue
    const message = `Topic '${name}' collides with existing topic: ${other}`
    throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION, message)
  }
}

function unify(name: string): string {
  return name.replaceAll('.', '_')
}

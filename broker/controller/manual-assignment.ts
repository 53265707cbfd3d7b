import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { ControllerState } from './controller-state.ts'

/** Throws INVALID_REPLICA_ASSIGNMENT. `replicationFactor` is that of the partitions before, if there are any. */
export function validateManualAssignment(
  state: ControllerState,
  brokerIds: readonly number[],
  replicationFactor: number | undefined,
): void {
  if (brokerIds.length === 0) throw invalidAssignment('The manual partition assignment includes an empty replica list.')
  const sorted = [...brokerIds].sort((a, b) => a - b)
  for (const [i, brokerId] of sorted.entries()) {
    if (!state.image.brokers.has(brokerId)) {
      throw invalidAssignment(
        `The manual partition assignment includes broker ${brokerId}, but no such broker is registered.`,
      )
    }
    if (i > 0 && sorted[i - 1] === brokerId) {
      throw invalidAssignment(`The manual partition assignment includes the broker ${brokerId} more than once.`)
    }
  }
  if (replicationFactor !== undefined && replicationFactor !== brokerIds.length) {
    throw invalidAssignment(
      `The manual partition assignment includes a partition with ${brokerIds.length} replica(s), but this is not ` +
        `consistent with previous partitions, which have ${replicationFactor} replica(s).`,
    )
  }
}

export function invalidAssignment(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_REPLICA_ASSIGNMENT, message)
}

import { type ErrorCode, errorCodes, type KafkaError } from '../protocol/errors.ts'

/** What a client of a group is told when the coordinator's own write failed; it does not know of that partition. */
export function coordinatorErrorOf(error: KafkaError): ErrorCode {
  switch (error.code) {
    case errorCodes.UNKNOWN_TOPIC_OR_PARTITION:
    case errorCodes.NOT_ENOUGH_REPLICAS:
    case errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case errorCodes.REQUEST_TIMED_OUT:
      return errorCodes.COORDINATOR_NOT_AVAILABLE
    case errorCodes.NOT_LEADER_OR_FOLLOWER:
    case errorCodes.FENCED_LEADER_EPOCH:
    case errorCodes.KAFKA_STORAGE_ERROR:
      return errorCodes.NOT_COORDINATOR
    case errorCodes.MESSAGE_TOO_LARGE:
    case errorCodes.RECORD_LIST_TOO_LARGE:
    case errorCodes.INVALID_FETCH_SIZE:
      return errorCodes.UNKNOWN_SERVER_ERROR
    default:
      return error.code
  }
}

/** The records were appended all the same and will be replicated, unless another broker takes over first. */
export function isAppended(error: KafkaError): boolean {
  return error.code === errorCodes.REQUEST_TIMED_OUT || error.code === errorCodes.NOT_ENOUGH_REPLICAS_AFTER_APPEND
}

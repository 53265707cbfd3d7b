import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { isSystemError } from './file-system.ts'

/** A disk that fails, or bytes that are no records, are the trouble of one partition, which requests are told of. */
export async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof ProtocolError) throw new KafkaError(errorCodes.CORRUPT_MESSAGE, cause.message, { cause })
    if (isSystemError(cause)) throw new KafkaError(errorCodes.KAFKA_STORAGE_ERROR, cause.message, { cause })
    throw cause
  }
}

import { ProtocolError } from '../../broker/protocol/protocol-error.ts'

/** What `read` gives; undefined where it refuses its input with the one error that it may throw. */
export function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka'

/** The cluster answered, and the answer is an error code of the protocol. */
export class KafkaError extends Error {
  /** Kafka's own name, such as `TOPIC_ALREADY_EXISTS`. */
  readonly kafkaError: string
  readonly errorCode: number

  constructor(errorCode: number, detail: string | null = null) {
    const kafkaError = kafkaErrorName(errorCode)
    super(detail ?? protocolErrors[kafkaError]?.message ?? kafkaError)
    this.name = 'KafkaError'
    this.kafkaError = kafkaError
    this.errorCode = errorCode
  }
}

/** No usable answer: refused, closed, timed out, or a broker that does not speak a version we know. */
export class KafkaTransportError extends Error {
  readonly code: 'unreachable' | 'timedOut' | 'unsupported'

  constructor(code: KafkaTransportError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KafkaTransportError'
    this.code = code
  }
}

export function kafkaErrorName(errorCode: number): string {
  return protocolErrorsCodesById[errorCode] ?? `ERROR_${errorCode}`
}

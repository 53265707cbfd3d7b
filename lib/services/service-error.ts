import type { ProblemCode } from '../contract/problem.ts'

export interface FieldProblem {
  readonly path: string
  readonly message: string
}

export interface ServiceErrorOptions {
  /** The inputs to correct, by the path that the form knows. */
  readonly fields?: readonly FieldProblem[]
  /** The cluster's own error name, as Kafka spells it. */
  readonly kafkaError?: string
  readonly cause?: unknown
}

/** An expected outcome that the user can act on: `message` is the sentence that says how. */
export class ServiceError extends Error {
  readonly code: ProblemCode
  readonly fields: readonly FieldProblem[]
  readonly kafkaError: string | null

  constructor(code: ProblemCode, sentence: string, options: ServiceErrorOptions = {}) {
    super(sentence, { cause: options.cause })
    this.name = 'ServiceError'
    this.code = code
    this.fields = options.fields ?? []
    this.kafkaError = options.kafkaError ?? null
  }
}

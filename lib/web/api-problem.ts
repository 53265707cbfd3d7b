import type { Problem, ProblemCode } from '../contract/problem.ts'

export type ApiProblemCode = ProblemCode | 'unreachable_console'

/** A request to the admin API that did not succeed, with the API's own reason. */
export class ApiProblem extends Error {
  readonly code: ApiProblemCode
  readonly status: number
  readonly fields: NonNullable<Problem['fields']>
  readonly kafkaError: string | undefined

  constructor(
    problem: { code: ApiProblemCode; status: number; detail: string } & Pick<Partial<Problem>, 'fields' | 'kafkaError'>,
    options?: ErrorOptions,
  ) {
    super(problem.detail, options)
    this.name = 'ApiProblem'
    this.code = problem.code
    this.status = problem.status
    this.fields = problem.fields ?? []
    this.kafkaError = problem.kafkaError
  }

  /** Trying again may help: the cause is not in the request. */
  get isTransient(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 429
  }
}

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiProblem
  }
}

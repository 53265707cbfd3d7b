import type { ProblemCode } from '../contract/problem.ts'

/** A sign-in or set-up that was refused for a reason the user can act on; `message` is the sentence. */
export class AuthError extends Error {
  readonly code: Extract<ProblemCode, 'too_many_requests' | 'forbidden' | 'conflict'>
  readonly retryAfterMs: number | null

  constructor(code: AuthError['code'], sentence: string, options: { retryAfterMs?: number } = {}) {
    super(sentence)
    this.name = 'AuthError'
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}

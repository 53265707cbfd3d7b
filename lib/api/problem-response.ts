import { HTTPException } from 'hono/http-exception'
import type { ZodError } from 'zod'
import { AuthError } from '../auth/auth-error.ts'
import type { Problem, ProblemCode } from '../contract/problem.ts'
import type { Log } from '../log.ts'
import { ServiceError } from '../services/service-error.ts'

const titles: Readonly<Record<ProblemCode, { status: number; title: string }>> = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  kafka_refused: { status: 422, title: 'The cluster refused' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  cluster_unreachable: { status: 502, title: 'The cluster cannot be reached' },
  not_ready: { status: 503, title: 'Not ready' },
}

/** An RFC 9457 problem document. */
export function problemResponse(
  code: ProblemCode,
  detail: string,
  extra: Pick<Problem, 'fields' | 'kafkaError'> & { retryAfterMs?: number | null } = {},
): Response {
  const { retryAfterMs = null, ...members } = extra
  const { status, title } = titles[code]
  const body: Problem = { type: `urn:eyrie:problem:${code}`, title, status, code, detail, ...members }
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (retryAfterMs !== null) headers.set('retry-after', `${Math.ceil(retryAfterMs / 1000)}`)
  return new Response(JSON.stringify(body), { status, headers })
}

/** The one place where what was thrown becomes an answer. What nobody expected is logged and told as `internal`. */
export function problemOf(error: unknown, log: Log): Response {
  if (error instanceof ServiceError) {
    return problemResponse(error.code, error.message, {
      ...(error.fields.length > 0 ? { fields: [...error.fields] } : {}),
      ...(error.kafkaError === null ? {} : { kafkaError: error.kafkaError }),
    })
  }
  if (error instanceof AuthError) {
    return problemResponse(error.code, error.message, { retryAfterMs: error.retryAfterMs })
  }
  if (error instanceof HTTPException && error.status < 500) return problemResponse('invalid_request', error.message)
  log.error({ error }, 'a request failed')
  return problemResponse('internal', 'Something went wrong in the console itself; its log says what.')
}

export function problemOfInput(error: ZodError): Response {
  const fields = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const detail = fields.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' ')
  return problemResponse('invalid_request', detail, { fields })
}

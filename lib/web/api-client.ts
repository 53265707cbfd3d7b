import type { Problem } from '../contract/problem.ts'
import { ApiProblem } from './api-problem.ts'

/** Sends one request to the admin API. The browser's goes over HTTP, a page's on the server goes through the runtime. */
export type SendRequest = (path: string, init: RequestInit) => Promise<Response>

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/v1/`. */
  path: string
  body?: unknown
  signal?: AbortSignal | undefined
}

/** Answers the document, or throws an ApiProblem. Documents are trusted: page and API are one release of one process. */
export async function requestApi<T>(send: SendRequest, request: ApiRequest): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  const response = await send(`/api/v1/${request.path}`, {
    method: request.method ?? 'GET',
    headers,
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal: request.signal ?? null,
  }).catch((cause: unknown) => {
    if (request.signal?.aborted) throw cause
    throw new ApiProblem({ code: 'unreachable_console', status: 0, detail: '' }, { cause })
  })
  if (!response.ok) throw await readProblem(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

export const sendFromBrowser: SendRequest = (path, init) => fetch(path, { ...init, credentials: 'same-origin' })

async function readProblem(response: Response): Promise<ApiProblem> {
  if (!response.headers.get('content-type')?.includes('json')) {
    return new ApiProblem({ code: 'internal', status: response.status, detail: response.statusText })
  }
  return new ApiProblem((await response.json()) as Problem)
}

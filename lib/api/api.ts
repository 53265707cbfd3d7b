import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import type { ApiContext, ApiEnvironment } from './api-context.ts'
import { problemOf, problemOfInput, problemResponse } from './problem-response.ts'
import { addAlertRoutes } from './routes/alert-routes.ts'
import { addBrokerRoutes } from './routes/broker-routes.ts'
import { addClusterRoutes } from './routes/cluster-routes.ts'
import { addGroupRoutes } from './routes/group-routes.ts'
import { addSessionRoutes } from './routes/session-routes.ts'
import { addTopicRoutes } from './routes/topic-routes.ts'

export type Api = OpenAPIHono<ApiEnvironment>

const base = '/api/v1'
const bodyBytesMax = 256 * 1024
const withoutSession = new Set([`GET ${base}/openapi.json`, `POST ${base}/session`, `POST ${base}/set-up`])

/** The admin API: every route is declared once, and validation, types and the OpenAPI document come from there. */
export function createApi(context: ApiContext): Api {
  const app = new OpenAPIHono<ApiEnvironment>({
    defaultHook: (result) => (result.success ? undefined : problemOfInput(result.error)),
  }).basePath(base)
  app.onError((error) => problemOf(error, context.log))
  app.notFound((c) => problemResponse('not_found', `There is nothing at ${c.req.path}.`))
  app.use(withoutStore)
  app.use(requireSameOrigin(context))
  app.use(requireSession(context))
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: refuseBody }))
  addSessionRoutes(app, context)
  addClusterRoutes(app, context)
  addTopicRoutes(app, context)
  addGroupRoutes(app, context)
  addBrokerRoutes(app, context)
  addAlertRoutes(app, context)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Eyrie',
      version: '1',
      description: 'Reads answer the last round. Errors are RFC 9457 problem documents. int64 offsets are strings.',
    },
  })
  return app
}

/** The rest of the body is not read, so the connection cannot serve another request. */
function refuseBody(): Response {
  const response = problemResponse('invalid_request', `The body is larger than ${bodyBytesMax} bytes.`)
  response.headers.set('connection', 'close')
  return response
}

/** Who signs out leaves nothing in the browser's cache, but for documents, which are asked for again each time. */
const withoutStore = createMiddleware<ApiEnvironment>(async (c, next) => {
  await next()
  if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
})

function requireSession({ auth }: ApiContext) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (withoutSession.has(`${c.req.method} ${c.req.path}`)) return next()
    const user = await auth.findSession(c.req.raw.headers)
    if (user === undefined) return problemResponse('unauthenticated', 'Sign in to use the API.')
    c.set('user', user)
    return next()
  })
}

/** Browsers say where a request that changes something comes from; what is no browser carries no cookie by accident. */
function requireSameOrigin({ isSameOrigin }: ApiContext) {
  return createMiddleware<ApiEnvironment>(async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    const isOurs =
      origin === undefined
        ? site === undefined || site === 'same-origin' || site === 'none'
        : isSameOrigin(origin, c.req.header('host') ?? '')
    if (!isOurs) return problemResponse('forbidden', 'This request comes from a page of another site.')
    return next()
  })
}

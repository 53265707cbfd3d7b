import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { z as schema } from 'zod'
import { problem } from '../contract/problem.ts'
import { requireSnapshot } from '../services/cluster-handle.ts'
import { ServiceError } from '../services/service-error.ts'
import { type ApiContext, type ApiEnvironment, requireCluster } from './api-context.ts'

export const problems = {
  default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
}

export function jsonAnswer<T extends z.ZodType>(answer: T, description: string) {
  return { description, content: { 'application/json': { schema: answer } } }
}

export const clusterParams = schema.object({ cluster: schema.string() })

/** Below, it fits a packet or two as it is. */
const gzipFromLength = 2_048

/**
 * A GET that answers one of the documents of the last round. It is serialised once a round for everybody, and not sent
 * again to who has it.
 */
export function addDocumentRoute(
  app: OpenAPIHono<ApiEnvironment>,
  context: ApiContext,
  document: {
    path: string
    summary: string
    answer: z.ZodType
    /** Below `clusters/{cluster}/`, percent-encoded. */
    resource: (params: Record<string, string>) => string
    /** Overview and alerts exist before the first round. */
    isThereAlways?: boolean
  },
): void {
  const names = [...document.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const route = createRoute({
    method: 'get',
    path: document.path,
    summary: document.summary,
    request: { params: schema.object(Object.fromEntries(names.map((name) => [name, schema.string()]))) },
    responses: {
      200: jsonAnswer(document.answer, document.summary),
      304: { description: 'As the ETag that was sent' },
      ...problems,
    },
  })
  app.openAPIRegistry.registerPath(route)
  app.get(route.getRoutingPath(), async (c) => {
    const params: Record<string, string> = c.req.param()
    const cluster = requireCluster(context, params.cluster ?? '')
    if (document.isThereAlways !== true) requireSnapshot(cluster)
    const found = cluster.documents.findSerialised(document.resource(params))
    if (found === undefined) throw new ServiceError('not_found', `The cluster has no ${document.resource(params)}.`)
    const headers = { etag: found.etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding' }
    if (c.req.header('if-none-match') === found.etag) return c.body(null, 304, headers)
    const ofJson = { ...headers, 'content-type': 'application/json' }
    if (found.json.length < gzipFromLength || !takesGzip(c.req.header('accept-encoding'))) {
      return c.body(found.json, 200, ofJson)
    }
    return c.body(new Uint8Array(await found.gzipped()), 200, { ...ofJson, 'content-encoding': 'gzip' })
  })
}

/** `gzip;q=0` says that it is not wanted. */
function takesGzip(acceptEncoding: string | undefined): boolean {
  return acceptEncoding !== undefined && /\bgzip\b(?!\s*;\s*q=0(?!\.\d*[1-9]))/.test(acceptEncoding)
}

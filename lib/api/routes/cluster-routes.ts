import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { incidentsList } from '../../contract/alert.ts'
import { changesList } from '../../contract/change.ts'
import { clusterSummary, overview } from '../../contract/cluster.ts'
import { seriesAnswer, seriesQuery } from '../../contract/series.ts'
import { ServiceError } from '../../services/service-error.ts'
import { type ApiContext, type ApiEnvironment, requireCluster } from '../api-context.ts'
import { addDocumentRoute, clusterParams, jsonAnswer, problems } from '../document-route.ts'

const listClusters = createRoute({
  method: 'get',
  path: '/clusters',
  summary: 'The watched clusters',
  responses: { 200: jsonAnswer(z.object({ clusters: z.array(clusterSummary) }), 'The watched clusters'), ...problems },
})

const readSeries = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/series',
  summary: 'The history of one figure',
  request: { params: clusterParams, query: seriesQuery },
  responses: { 200: jsonAnswer(seriesAnswer, 'Columnar; null is a gap'), ...problems },
})

export function addClusterRoutes(app: OpenAPIHono<ApiEnvironment>, context: ApiContext): void {
  app.openapi(listClusters, (c) =>
    c.json({ clusters: [...context.clusters.values()].map(({ monitor }) => monitor.summary) }, 200),
  )
  app.openapi(readSeries, async (c) => {
    const { cluster } = c.req.valid('param')
    requireCluster(context, cluster)
    try {
      return c.json(await context.series.read(cluster, c.req.valid('query')), 200)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new ServiceError('invalid_request', `${error.message}.`, { cause: error })
    }
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/overview',
    summary: 'The cluster at a glance',
    answer: overview,
    resource: () => 'overview',
    isThereAlways: true,
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/changes',
    summary: 'What changed, newest first',
    answer: changesList,
    resource: () => 'changes',
    isThereAlways: true,
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/alerts',
    summary: 'Open and recent incidents',
    answer: incidentsList,
    resource: () => 'alerts',
    isThereAlways: true,
  })
}

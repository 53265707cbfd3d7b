import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { brokerConfigs, brokerDetail, brokersList } from '../../contract/broker.ts'
import { getBrokerConfigs } from '../../services/brokers/get-broker-configs.ts'
import { startBroker } from '../../services/brokers/start-broker.ts'
import { stopBroker } from '../../services/brokers/stop-broker.ts'
import { type ApiContext, type ApiEnvironment, actingOn, requireCluster } from '../api-context.ts'
import { addDocumentRoute, clusterParams, jsonAnswer, problems } from '../document-route.ts'

const brokerParams = clusterParams.extend({
  broker: z
    .string()
    .regex(/^\d{1,10}$/, 'A broker id is a number.')
    .transform(Number),
})

const readConfigs = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/brokers/{broker}/configs',
  summary: "A broker's configs",
  request: { params: brokerParams },
  responses: { 200: jsonAnswer(brokerConfigs, 'Every config with where its value comes from'), ...problems },
})

const stop = createRoute({
  method: 'post',
  path: '/clusters/{cluster}/brokers/{broker}/stop',
  summary: 'Stop a broker of the embedded cluster',
  request: { params: brokerParams },
  responses: { 204: { description: 'Stopped' }, ...problems },
})

const start = createRoute({
  method: 'post',
  path: '/clusters/{cluster}/brokers/{broker}/start',
  summary: 'Start a broker of the embedded cluster',
  request: { params: brokerParams },
  responses: { 204: { description: 'Started' }, ...problems },
})

export function addBrokerRoutes(app: OpenAPIHono<ApiEnvironment>, context: ApiContext): void {
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/brokers',
    summary: 'All brokers',
    answer: brokersList,
    resource: () => 'brokers',
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/brokers/{broker}',
    summary: 'One broker with its disks and replicas',
    answer: brokerDetail,
    resource: ({ broker = '' }) => `brokers/${encodeURIComponent(broker)}`,
  })
  app.openapi(readConfigs, async (c) => {
    const { cluster, broker } = c.req.valid('param')
    return c.json(await getBrokerConfigs(requireCluster(context, cluster), broker), 200)
  })
  app.openapi(stop, async (c) => {
    const { cluster, broker } = c.req.valid('param')
    await stopBroker(actingOn(context, cluster, c.get('user')), broker)
    return c.body(null, 204)
  })
  app.openapi(start, async (c) => {
    const { cluster, broker } = c.req.valid('param')
    await startBroker(actingOn(context, cluster, c.get('user')), broker)
    return c.body(null, 204)
  })
}

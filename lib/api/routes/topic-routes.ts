import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { recordsPage, recordsQuery } from '../../contract/record.ts'
import {
  createdTopic,
  createTopicCheck,
  createTopicInput,
  deleteTopicInput,
  topicConfigs,
  topicDefaults,
  topicDeletionPreview,
  topicDetail,
  topicsList,
} from '../../contract/topic.ts'
import { readRecords } from '../../services/records/read-records.ts'
import { checkTopic } from '../../services/topics/check-topic.ts'
import { createTopic } from '../../services/topics/create-topic.ts'
import { deleteTopic } from '../../services/topics/delete-topic.ts'
import { getTopicConfigs } from '../../services/topics/get-topic-configs.ts'
import { getTopicDefaults } from '../../services/topics/get-topic-defaults.ts'
import { getTopicDeletionPreview } from '../../services/topics/get-topic-deletion-preview.ts'
import { type ApiContext, type ApiEnvironment, actingOn, requireCluster } from '../api-context.ts'
import { addDocumentRoute, clusterParams, jsonAnswer, problems } from '../document-route.ts'

const topicParams = clusterParams.extend({ topic: z.string() })
const topicBody = { required: true, content: { 'application/json': { schema: createTopicInput } } }

const postTopic = createRoute({
  method: 'post',
  path: '/clusters/{cluster}/topics',
  summary: 'Create a topic',
  request: { params: clusterParams, body: topicBody },
  responses: { 201: jsonAnswer(createdTopic, 'Created'), ...problems },
})

const postTopicCheck = createRoute({
  method: 'post',
  path: '/clusters/{cluster}/topics/check',
  summary: 'Ask the cluster whether it would create a topic; creates nothing',
  request: { params: clusterParams, body: topicBody },
  responses: { 200: jsonAnswer(createTopicCheck, "The cluster's answer"), ...problems },
})

const readDefaults = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/topic-defaults',
  summary: 'What a new topic gets when nothing is said',
  request: { params: clusterParams },
  responses: { 200: jsonAnswer(topicDefaults, 'Every topic config with its default'), ...problems },
})

const removeTopic = createRoute({
  method: 'delete',
  path: '/clusters/{cluster}/topics/{topic}',
  summary: 'Delete a topic; its name must be typed',
  request: {
    params: topicParams,
    body: { required: true, content: { 'application/json': { schema: deleteTopicInput } } },
  },
  responses: { 204: { description: 'Deleted' }, ...problems },
})

const previewDeletion = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/topics/{topic}/deletion-preview',
  summary: 'What deleting would cost',
  request: { params: topicParams },
  responses: { 200: jsonAnswer(topicDeletionPreview, 'In figures, from the last round'), ...problems },
})

const readConfigs = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/topics/{topic}/configs',
  summary: "A topic's configs",
  request: { params: topicParams },
  responses: { 200: jsonAnswer(topicConfigs, 'Every config with where its value comes from'), ...problems },
})

const listRecords = createRoute({
  method: 'get',
  path: '/clusters/{cluster}/topics/{topic}/records',
  summary: "A page of a topic's records",
  request: { params: topicParams, query: recordsQuery },
  responses: { 200: jsonAnswer(recordsPage, 'Newest first, or from an offset or time on'), ...problems },
})

export function addTopicRoutes(app: OpenAPIHono<ApiEnvironment>, context: ApiContext): void {
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/topics',
    summary: 'All topics',
    answer: topicsList,
    resource: () => 'topics',
  })
  addDocumentRoute(app, context, {
    path: '/clusters/{cluster}/topics/{topic}',
    summary: 'One topic with its partitions',
    answer: topicDetail,
    resource: ({ topic = '' }) => `topics/${encodeURIComponent(topic)}`,
  })
  app.openapi(postTopic, async (c) => {
    const acting = actingOn(context, c.req.valid('param').cluster, c.get('user'))
    return c.json(await createTopic(acting, c.req.valid('json')), 201)
  })
  app.openapi(postTopicCheck, async (c) => {
    const acting = actingOn(context, c.req.valid('param').cluster, c.get('user'))
    return c.json(await checkTopic(acting, c.req.valid('json')), 200)
  })
  app.openapi(readDefaults, async (c) =>
    c.json(await getTopicDefaults(requireCluster(context, c.req.valid('param').cluster)), 200),
  )
  app.openapi(removeTopic, async (c) => {
    const { cluster, topic } = c.req.valid('param')
    await deleteTopic(actingOn(context, cluster, c.get('user')), topic, c.req.valid('json').confirmName)
    return c.body(null, 204)
  })
  app.openapi(previewDeletion, (c) => {
    const { cluster, topic } = c.req.valid('param')
    return c.json(getTopicDeletionPreview(requireCluster(context, cluster), topic), 200)
  })
  app.openapi(readConfigs, async (c) => {
    const { cluster, topic } = c.req.valid('param')
    return c.json(await getTopicConfigs(requireCluster(context, cluster), topic), 200)
  })
  app.openapi(listRecords, async (c) => {
    const { cluster, topic } = c.req.valid('param')
    return c.json(await readRecords(requireCluster(context, cluster), topic, c.req.valid('query')), 200)
  })
}

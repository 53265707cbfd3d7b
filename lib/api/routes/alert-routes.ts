import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  alertRule,
  alertRulesList,
  channelsList,
  delivery,
  saveWebhookChannelInput,
  updateAlertRuleInput,
  webhookChannel,
} from '../../contract/alert.ts'
import { listAlertRules } from '../../services/alerts/list-alert-rules.ts'
import { updateAlertRule } from '../../services/alerts/update-alert-rule.ts'
import { createChannel } from '../../services/channels/create-channel.ts'
import { deleteChannel } from '../../services/channels/delete-channel.ts'
import { listChannels } from '../../services/channels/list-channels.ts'
import { testChannel } from '../../services/channels/test-channel.ts'
import { updateChannel } from '../../services/channels/update-channel.ts'
import type { ApiContext, ApiEnvironment } from '../api-context.ts'
import { jsonAnswer, problems } from '../document-route.ts'

const idParams = z.object({ id: z.string() })
const channelBody = { required: true, content: { 'application/json': { schema: saveWebhookChannelInput } } }

const getRules = createRoute({
  method: 'get',
  path: '/alert-rules',
  summary: 'The alert rules',
  responses: { 200: jsonAnswer(alertRulesList, 'The alert rules'), ...problems },
})

const putRule = createRoute({
  method: 'put',
  path: '/alert-rules/{id}',
  summary: 'Change an alert rule',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: updateAlertRuleInput } } },
  },
  responses: { 200: jsonAnswer(alertRule, 'As it is now'), ...problems },
})

const getChannels = createRoute({
  method: 'get',
  path: '/channels',
  summary: 'Where alerts are delivered',
  responses: { 200: jsonAnswer(channelsList, 'The channels'), ...problems },
})

const postChannel = createRoute({
  method: 'post',
  path: '/channels',
  summary: 'Add a webhook',
  request: { body: channelBody },
  responses: { 201: jsonAnswer(webhookChannel, 'Added'), ...problems },
})

const putChannel = createRoute({
  method: 'put',
  path: '/channels/{id}',
  summary: 'Change a webhook',
  request: { params: idParams, body: channelBody },
  responses: { 200: jsonAnswer(webhookChannel, 'As it is now'), ...problems },
})

const removeChannel = createRoute({
  method: 'delete',
  path: '/channels/{id}',
  summary: 'Remove a channel',
  request: { params: idParams },
  responses: { 204: { description: 'Removed' }, ...problems },
})

const postTest = createRoute({
  method: 'post',
  path: '/channels/{id}/test',
  summary: 'Deliver a test at once',
  request: { params: idParams },
  responses: { 200: jsonAnswer(delivery, 'What became of it'), ...problems },
})

export function addAlertRoutes(app: OpenAPIHono<ApiEnvironment>, context: ApiContext): void {
  const { database, alerts } = context
  app.openapi(getRules, (c) => c.json(listAlertRules(context), 200))
  app.openapi(putRule, async (c) => {
    const managing = { user: c.get('user'), database, alerts }
    return c.json(await updateAlertRule(managing, c.req.valid('param').id, c.req.valid('json')), 200)
  })
  app.openapi(getChannels, async (c) => c.json(await listChannels({ user: c.get('user'), database }), 200))
  app.openapi(postChannel, async (c) =>
    c.json(await createChannel({ user: c.get('user'), database }, c.req.valid('json')), 201),
  )
  app.openapi(putChannel, async (c) => {
    const managing = { user: c.get('user'), database, alerts }
    return c.json(await updateChannel(managing, c.req.valid('param').id, c.req.valid('json')), 200)
  })
  app.openapi(removeChannel, async (c) => {
    await deleteChannel({ user: c.get('user'), database }, c.req.valid('param').id)
    return c.body(null, 204)
  })
  app.openapi(postTest, async (c) => {
    const managing = { user: c.get('user'), database, alerts }
    return c.json(await testChannel(managing, c.req.valid('param').id), 200)
  })
}

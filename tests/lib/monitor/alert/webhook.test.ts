import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sendWebhook, type WebhookRequest } from '../../../../lib/monitor/alert/webhook.ts'
import { WebhookReceiver } from './webhook-receiver.ts'

let receiver: WebhookReceiver
beforeEach(async () => {
  receiver = await WebhookReceiver.start()
})
afterEach(() => receiver.close())

function send(options: Partial<WebhookRequest> = {}) {
  return sendWebhook({
    url: receiver.url,
    secret: 'shared',
    body: '{"status":"firing"}',
    eventId: 'event-1',
    nowMs: 1_800_000_000_500,
    addresses: 'any',
    ...options,
  })
}

it('posts JSON that the receiver can check by its secret', async () => {
  expect(await send()).toEqual({ kind: 'delivered' })
  const [webhook] = receiver.received
  expect(webhook?.body).toBe('{"status":"firing"}')
  expect(webhook?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-event-id': 'event-1',
    'x-timestamp': '1800000000',
    'x-signature': `sha256=${createHmac('sha256', 'shared').update('1800000000.{"status":"firing"}').digest('hex')}`,
  })
})

it('signs nothing without a secret', async () => {
  await send({ secret: null })
  expect(receiver.received[0]?.headers).not.toHaveProperty('x-signature')
})

it.each([500, 503, 408, 425])('may be tried again after %i', async (status) => {
  receiver.answers.push({ status })
  expect(await send()).toMatchObject({ kind: 'failed', reason: `It answered ${status}.` })
})

it('waits as long as a receiver with too much to do asks for', async () => {
  receiver.answers.push({ status: 429, headers: { 'retry-after': '7' } })
  expect(await send()).toMatchObject({ kind: 'failed', retryAfterMs: 7_000 })
})

it.each([400, 401, 404, 410])('is given up after %i', async (status) => {
  receiver.answers.push({ status })
  expect(await send()).toEqual({ kind: 'refused', reason: `It answered ${status}.` })
})

it('does not follow a redirect', async () => {
  receiver.answers.push({ status: 302, headers: { location: receiver.url } })
  expect(await send()).toMatchObject({ kind: 'refused', reason: /Redirects are not followed/ })
  expect(receiver.received).toHaveLength(1)
})

it('says that nobody listens, or that it was broken off', async () => {
  expect(await send({ url: 'http://127.0.0.1:1/hook' })).toMatchObject({ kind: 'failed', reason: /ECONNREFUSED/ })
  receiver.answers.push('hang')
  const stop = new AbortController()
  const sending = send({ signal: stop.signal })
  await receiver.count(1)
  stop.abort()
  expect(await sending).toMatchObject({ kind: 'failed' })
})

it.each([
  'http://127.0.0.1:1/',
  'http://[::1]:1/',
  'http://10.1.2.3/',
  'http://[::ffff:127.0.0.1]/',
  'http://localhost:1/',
])('refuses %s where only public addresses are allowed', async (url) => {
  expect(await send({ url, addresses: 'public' })).toMatchObject({ kind: 'refused', reason: /is a private address/ })
})

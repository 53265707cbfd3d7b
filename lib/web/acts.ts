import type { AlertRule, SaveWebhookChannelInput, WebhookChannel } from '../contract/alert.ts'
import type { SessionUser, SetUpInput, SignInInput } from '../contract/session.ts'
import type { CreatedTopic, CreateTopicCheck, CreateTopicInput } from '../contract/topic.ts'
import { requestApi, sendFromBrowser } from './api-client.ts'
import { joinPath } from './resource-key.ts'

/** What the browser asks the API to do. Each throws an ApiProblem when it was not done. */

export const signIn = (input: SignInInput) => act<{ user: SessionUser }>('POST', 'session', input)

export const signOut = () => act<void>('DELETE', 'session')

export const setUp = (input: SetUpInput) => act<{ user: SessionUser }>('POST', 'set-up', input)

export const createTopic = (cluster: string, input: CreateTopicInput) =>
  act<CreatedTopic>('POST', joinPath('clusters', cluster, 'topics'), input)

/** Changes nothing: the cluster's own validate-only. */
export const checkTopic = (cluster: string, input: CreateTopicInput, signal?: AbortSignal) =>
  requestApi<CreateTopicCheck>(sendFromBrowser, {
    method: 'POST',
    path: joinPath('clusters', cluster, 'topics', 'check'),
    body: input,
    signal,
  })

export const deleteTopic = (cluster: string, topic: string, confirmName: string) =>
  act<void>('DELETE', joinPath('clusters', cluster, 'topics', topic), { confirmName })

export const stopBroker = (cluster: string, broker: number) =>
  act<void>('POST', joinPath('clusters', cluster, 'brokers', broker, 'stop'))

export const startBroker = (cluster: string, broker: number) =>
  act<void>('POST', joinPath('clusters', cluster, 'brokers', broker, 'start'))

export const updateAlertRule = ({ id, ...input }: AlertRule) =>
  act<AlertRule>('PUT', joinPath('alert-rules', id), input)

export const saveChannel = (id: string | undefined, input: SaveWebhookChannelInput) =>
  id === undefined
    ? act<WebhookChannel>('POST', 'channels', input)
    : act<WebhookChannel>('PUT', joinPath('channels', id), input)

export const deleteChannel = (id: string) => act<void>('DELETE', joinPath('channels', id))

export const testChannel = (id: string) => act<void>('POST', joinPath('channels', id, 'test'))

function act<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return requestApi<T>(sendFromBrowser, { method, path, body })
}

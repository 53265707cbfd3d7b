import { z } from 'zod'
import { clusterId, instantMs } from './scalars.ts'

export const severity = z.enum(['critical', 'warning', 'info'])
export type Severity = z.infer<typeof severity>

export const alertRuleId = z.enum(['under_replicated', 'offline_partitions', 'broker_down'])
export type AlertRuleId = z.infer<typeof alertRuleId>

export const alertRule = z.object({
  id: alertRuleId,
  isEnabled: z.boolean(),
  severity,
  /** How long the condition must hold before it fires, and how long it must be gone before it resolves. */
  forSeconds: z.number().int().min(0).max(86_400),
  keepFiringSeconds: z.number().int().min(0).max(86_400),
})
export type AlertRule = z.infer<typeof alertRule>
export const alertRulesList = z.object({ rules: z.array(alertRule) })
export const updateAlertRuleInput = alertRule.omit({ id: true })

export const incidentState = z.enum(['pending', 'firing', 'recovering', 'resolved'])
export type IncidentState = z.infer<typeof incidentState>

export const delivery = z.object({
  channel: z.string(),
  kind: z.enum(['fire', 'resolve', 'test']),
  status: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  atMs: instantMs.nullable(),
})
export type Delivery = z.infer<typeof delivery>

export const incident = z.object({
  id: z.string(),
  clusterId,
  rule: alertRuleId,
  severity,
  state: incidentState,
  /** `partitions` under-replicated of `topics`, missing `brokers`: figures for the sentence. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  subject: z.object({ kind: z.enum(['cluster', 'broker', 'topic']), id: z.string() }),
  pendingSinceMs: instantMs,
  firedAtMs: instantMs.nullable(),
  resolvedAtMs: instantMs.nullable(),
  resolvedReason: z.string().nullable(),
  deliveries: z.array(delivery),
})
export type Incident = z.infer<typeof incident>
export const incidentsList = z.object({
  open: z.array(incident),
  recent: z.array(incident),
  evaluatedAtMs: instantMs.nullable(),
})
export type IncidentsList = z.infer<typeof incidentsList>

export const webhookChannel = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  hasSecret: z.boolean(),
  isEnabled: z.boolean(),
  lastDelivery: delivery.nullable(),
})
export type WebhookChannel = z.infer<typeof webhookChannel>
export const channelsList = z.object({ channels: z.array(webhookChannel) })
export const saveWebhookChannelInput = z.object({
  name: z.string().trim().min(1, 'Give the channel a name.').max(100),
  url: z.url({ protocol: /^https?$/, error: 'Write a full http:// or https:// address.' }),
  /** Signs each delivery with HMAC-SHA256; empty keeps what is stored. */
  secret: z.string().max(200).optional(),
  isEnabled: z.boolean(),
})
export type SaveWebhookChannelInput = z.infer<typeof saveWebhookChannelInput>

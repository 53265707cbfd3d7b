import { createHash } from 'node:crypto'
import type { AlertRuleId, Severity } from '../../contract/alert.ts'
import type { AlertParams, AlertSubject } from '../../domain/alert-conditions.ts'

/** What a notification tells of an incident, at the moment of the transition. */
export interface AlertFactsTold {
  readonly incidentId: string
  readonly clusterId: string
  readonly rule: AlertRuleId
  readonly severity: Severity
  readonly subject: AlertSubject
  readonly params: AlertParams
  readonly firedAtMs: number
  readonly resolvedAtMs: number | null
}

/** Alertmanager's way to say that an alert has not ended. */
const notEnded = '0001-01-01T00:00:00Z'

/** The body that receivers of Alertmanager's webhook (version 4) understand, for one alert. */
export function webhookPayload(alert: AlertFactsTold, to: { channel: string; baseUrl: string }) {
  const status = alert.resolvedAtMs === null ? 'firing' : 'resolved'
  const labels = {
    alertname: alert.rule,
    cluster: alert.clusterId,
    severity: alert.severity,
    ...(alert.subject.kind === 'cluster' ? {} : { [alert.subject.kind]: alert.subject.id }),
  }
  const annotations = {
    summary: `${status === 'resolved' ? 'Resolved: ' : ''}${summaryOf(alert.rule, alert.params, alert.clusterId)}`,
    incident: alert.incidentId,
    ...Object.fromEntries(Object.entries(alert.params).map(([name, value]) => [name, String(value)])),
  }
  return {
    version: '4',
    groupKey: `{}:{alertname="${alert.rule}",cluster="${alert.clusterId}"}`,
    truncatedAlerts: 0,
    status,
    receiver: to.channel,
    groupLabels: { alertname: alert.rule, cluster: alert.clusterId },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: to.baseUrl,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: new Date(alert.firedAtMs).toISOString(),
        endsAt: alert.resolvedAtMs === null ? notEnded : new Date(alert.resolvedAtMs).toISOString(),
        generatorURL: `${to.baseUrl}/clusters/${encodeURIComponent(alert.clusterId)}/alerts`,
        fingerprint: fingerprintOf(alert),
      },
    ],
  }
}

/** What "send test" posts: an alert that resolves at once, marked as a test in every place a person may look. */
export function testPayload(to: { channel: string; baseUrl: string }, nowMs: number) {
  const labels = { alertname: 'eyrie_test', severity: 'info' }
  const annotations = { summary: `This is a test of the channel ${to.channel}. Nothing is wrong.` }
  const at = new Date(nowMs).toISOString()
  return {
    version: '4',
    groupKey: '{}:{alertname="eyrie_test"}',
    truncatedAlerts: 0,
    status: 'resolved',
    receiver: to.channel,
    groupLabels: { alertname: 'eyrie_test' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: to.baseUrl,
    alerts: [
      {
        status: 'resolved',
        labels,
        annotations,
        startsAt: at,
        endsAt: at,
        generatorURL: to.baseUrl,
        fingerprint: '0000000000000000',
      },
    ],
  }
}

/** The same for every incident of one rule about one subject. */
function fingerprintOf(alert: AlertFactsTold): string {
  const identity = JSON.stringify([alert.rule, alert.clusterId, alert.subject.kind, alert.subject.id])
  return createHash('sha256').update(identity).digest('hex').slice(0, 16)
}

function summaryOf(rule: AlertRuleId, params: AlertParams, clusterId: string): string {
  switch (rule) {
    case 'under_replicated':
      return `${partitionsOf(params)} of ${clusterId} miss a replica; out of sync: broker ${params.brokers}.`
    case 'offline_partitions':
      return `${partitionsOf(params)} of ${clusterId} have no leader and can be neither read nor written.`
    case 'broker_down':
      return `Broker ${params.broker} (${params.host}:${params.port}) of ${clusterId} is down.`
  }
}

function partitionsOf(params: AlertParams): string {
  const count = (value: string | number | undefined, noun: string) => `${value} ${noun}${value === 1 ? '' : 's'}`
  return `${count(params.partitions, 'partition')} of ${count(params.topics, 'topic')}`
}

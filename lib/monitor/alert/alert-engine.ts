import { randomUUID } from 'node:crypto'
import {
  type AlertRule,
  type AlertRuleId,
  alertRule,
  alertRuleId,
  type Delivery,
  type Incident,
  type IncidentsList,
} from '../../contract/alert.ts'
import type { Database } from '../../db/database.ts'
import type { Channel } from '../../db/rows.ts'
import { type AlertCondition, findAlertConditions, isSubjectKnown } from '../../domain/alert-conditions.ts'
import { type AlertObservation, stepAlert } from '../../domain/alert-state.ts'
import type { ClusterSnapshot } from '../snapshot.ts'
import { deliverTest } from './deliver-test.ts'
import { DeliveryWorker, type DeliveryWorkerOptions } from './delivery-worker.ts'
import {
  type IncidentChange,
  listDeliveries,
  listIncidentClusters,
  listOpenIncidents,
  listRecentIncidents,
  recentMax,
  storeHeldTimes,
  storeIncidentChange,
} from './incident-rows.ts'
import { incidentKey, type OpenIncident, type ResolvedReason, toIncident } from './open-incident.ts'
import type { WebhookAddresses } from './webhook.ts'

export interface AlertEngineOptions {
  readonly database: Database
  readonly clock: { nowMs(): number }
  readonly log: DeliveryWorkerOptions['log']
  /** The console's own address, for the links in notifications. */
  readonly baseUrl: string
  /** Bounds what the time between two rounds counts for: three ticks are one missed round with room to spare. */
  readonly tickMs: number
  readonly webhookAddresses: WebhookAddresses
}

interface ClusterAlerts {
  open: Map<string, OpenIncident>
  recent: Incident[]
  /** By incident, of the open ones; replaced as attempts end, while a round may be under way. */
  readonly deliveries: Map<string, readonly Delivery[]>
  evaluatedAtMs: number | null
}

const missedTicksMax = 3

/**
 * Decides after each round which alerts begin and end. State is in memory; a change of it is stored together with its
 * notifications in one transaction, and taken over only when that has happened, so that a restart or a lost database
 * connection repeats a decision and never loses one. A round that could not read the metadata changes nothing.
 */
export class AlertEngine {
  readonly #options: AlertEngineOptions
  readonly #deliveries: DeliveryWorker
  readonly #rules = new Map<AlertRuleId, AlertRule>()
  readonly #clusters = new Map<string, ClusterAlerts>()
  readonly #listeners = new Set<(clusterId: string) => void>()

  constructor(options: AlertEngineOptions) {
    this.#options = options
    this.#deliveries = new DeliveryWorker({
      ...options,
      onAttempt: (incidentId) => this.#refreshDeliveries(incidentId),
    })
  }

  /** Loads rules and open incidents, and begins to deliver what is waiting. */
  async start(): Promise<void> {
    const { prisma } = this.#options.database
    for (const row of await prisma.alertRule.findMany({ orderBy: { id: 'asc' } })) this.setRule(alertRule.parse(row))
    for (const clusterId of await listIncidentClusters(prisma)) await this.#clusterOf(clusterId)
    for (const { incident, deliveries } of await listOpenIncidents(prisma, this.#options.clock.nowMs())) {
      const cluster = await this.#clusterOf(incident.clusterId)
      cluster.open.set(incidentKey(incident.rule, incident.subject), incident)
      cluster.deliveries.set(incident.id, deliveries)
    }
    this.#deliveries.start()
  }

  async close(): Promise<void> {
    await this.#deliveries.stop()
    const open = [...this.#clusters.values()].flatMap((cluster) => [...cluster.open.values()])
    await storeHeldTimes(this.#options.database.prisma, open)
  }

  /** Rejects when the database does not take a change; the next round decides it again. */
  async evaluate(snapshot: ClusterSnapshot): Promise<void> {
    const cluster = await this.#clusterOf(snapshot.clusterId)
    const next = new Map(cluster.open)
    const changes = alertRuleId.options.flatMap((rule) => this.#evaluateRule(rule, snapshot, next))
    await this.#store(changes)
    cluster.open = next
    cluster.evaluatedAtMs = snapshot.completedAtMs
    if (changes.length === 0) return
    for (const { transition, incident, atMs, reason } of changes) {
      if (transition !== 'resolved') continue
      const deliveries = cluster.deliveries.get(incident.id) ?? []
      const ended = toIncident(incident, deliveries, { resolvedAtMs: atMs, reason })
      cluster.recent = [ended, ...cluster.recent].slice(0, recentMax)
      cluster.deliveries.delete(incident.id)
    }
    this.#deliveries.wake()
    for (const { transition, incident } of changes) {
      if (transition === 'fired' || transition === 'resolved') await this.#refreshDeliveries(incident.id)
    }
    this.#notify(snapshot.clusterId)
  }

  incidents(clusterId: string): IncidentsList {
    const cluster = this.#clusters.get(clusterId)
    const open = [...(cluster?.open.values() ?? [])].map((incident) =>
      toIncident(incident, cluster?.deliveries.get(incident.id) ?? []),
    )
    return {
      open: open.sort((left, right) => right.pendingSinceMs - left.pendingSinceMs),
      recent: [...(cluster?.recent ?? [])],
      evaluatedAtMs: cluster?.evaluatedAtMs ?? null,
    }
  }

  rules(): AlertRule[] {
    return [...this.#rules.values()]
  }

  /** Takes over a rule that was stored; it counts from the next round. */
  setRule(rule: AlertRule): void {
    this.#rules.set(rule.id, rule)
  }

  /** Says that a channel changed: what waits for it may be delivered now. */
  wakeDelivery(): void {
    this.#deliveries.wake()
  }

  deliverTest(channel: Channel): Promise<Delivery> {
    const { database, clock, baseUrl, webhookAddresses: addresses } = this.#options
    return deliverTest(database.prisma, channel, { nowMs: clock.nowMs(), baseUrl, addresses })
  }

  /** Is told of a cluster whose incidents or deliveries changed. Answers how to stop that. */
  onChange(listener: (clusterId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Steps every alert of one rule, in `open`, and answers the transitions. */
  #evaluateRule(id: AlertRuleId, snapshot: ClusterSnapshot, open: Map<string, OpenIncident>): IncidentChange[] {
    const rule = this.#rules.get(id)
    if (rule === undefined) return []
    const isFresh = snapshot.parts.metadata.problem === null && snapshot.parts.metadata.asOfMs !== null
    const found = new Map<string, AlertCondition>()
    if (isFresh && rule.isEnabled) {
      for (const condition of findAlertConditions(id, snapshot))
        found.set(incidentKey(id, condition.subject), condition)
    }
    const ofRule = [...open].filter(([, incident]) => incident.rule === id).map(([key]) => key)
    return [...new Set([...ofRule, ...found.keys()])].flatMap((key) => {
      const observation = !rule.isEnabled || isFresh ? (found.has(key) ? 'breached' : 'clear') : 'unknown'
      return this.#stepIncident({ rule, key, observation, condition: found.get(key), snapshot, open }) ?? []
    })
  }

  #stepIncident(p: {
    rule: AlertRule
    key: string
    observation: AlertObservation
    condition: AlertCondition | undefined
    snapshot: ClusterSnapshot
    open: Map<string, OpenIncident>
  }): IncidentChange | undefined {
    const { rule, condition, snapshot } = p
    const atMs = snapshot.completedAtMs
    const before = p.open.get(p.key)
    const step = stepAlert(before?.state, {
      observation: p.observation,
      atMs,
      // A rule that is switched off ends its alerts at once.
      timing: { forMs: rule.forSeconds * 1_000, keepFiringMs: rule.isEnabled ? rule.keepFiringSeconds * 1_000 : 0 },
      elapsedMsMax: missedTicksMax * this.#options.tickMs,
    })
    const subject = before?.subject ?? condition?.subject
    if (subject === undefined) return undefined
    const incident: OpenIncident = {
      id: before?.id ?? randomUUID(),
      clusterId: snapshot.clusterId,
      rule: rule.id,
      subject,
      severity: step.transition === 'fired' || before === undefined ? rule.severity : before.severity,
      // While it recovers it tells what was wrong, not that nothing is.
      params: condition?.params ?? before?.params ?? {},
      state: step.state ?? before?.state ?? { phase: 'firing', heldMs: 0, evaluatedAtMs: atMs },
      pendingSinceMs: before?.pendingSinceMs ?? atMs,
      firedAtMs: step.transition === 'fired' ? atMs : (before?.firedAtMs ?? null),
    }
    if (step.state === undefined) p.open.delete(p.key)
    else p.open.set(p.key, incident)
    if (step.transition === undefined) return undefined
    return { transition: step.transition, incident, atMs, reason: reasonOf(rule, incident, snapshot) }
  }

  async #store(changes: readonly IncidentChange[]): Promise<void> {
    if (changes.length === 0) return
    await this.#options.database.prisma.$transaction(async (transaction) => {
      for (const change of changes) await storeIncidentChange(transaction, change, this.#options.baseUrl)
    })
  }

  async #clusterOf(clusterId: string): Promise<ClusterAlerts> {
    const known = this.#clusters.get(clusterId)
    if (known !== undefined) return known
    const recent = await listRecentIncidents(this.#options.database.prisma, clusterId)
    const cluster: ClusterAlerts = this.#clusters.get(clusterId) ?? {
      open: new Map(),
      recent,
      deliveries: new Map(),
      evaluatedAtMs: null,
    }
    this.#clusters.set(clusterId, cluster)
    return cluster
  }

  async #refreshDeliveries(incidentId: string | null): Promise<void> {
    if (incidentId === null) return
    const deliveries = await listDeliveries(this.#options.database.prisma, incidentId)
    for (const [clusterId, cluster] of this.#clusters) {
      const isOpen = [...cluster.open.values()].some((incident) => incident.id === incidentId)
      const isRecent = cluster.recent.some((incident) => incident.id === incidentId)
      if (isOpen) cluster.deliveries.set(incidentId, deliveries)
      cluster.recent = cluster.recent.map((one) => (one.id === incidentId ? { ...one, deliveries } : one))
      if (isOpen || isRecent) this.#notify(clusterId)
    }
  }

  #notify(clusterId: string): void {
    for (const listener of this.#listeners) listener(clusterId)
  }
}

function reasonOf(rule: AlertRule, incident: OpenIncident, snapshot: ClusterSnapshot): ResolvedReason {
  if (!rule.isEnabled) return 'ruleDisabled'
  return isSubjectKnown(incident.subject, snapshot) ? 'cleared' : 'subjectGone'
}

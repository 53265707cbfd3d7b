import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Delivery, delivery, type Incident, incident } from '../../contract/alert.ts'
import type { Transaction } from '../../db/database.ts'
import type { Delivery as DeliveryRow, Incident as IncidentRow, PrismaClient } from '../../db/rows.ts'
import type { AlertTransition } from '../../domain/alert-state.ts'
import type { OpenIncident, ResolvedReason } from './open-incident.ts'
import { webhookPayload } from './webhook-payload.ts'

/** One change of an incident's state: what it was, what it becomes. */
export interface IncidentChange {
  readonly transition: AlertTransition
  readonly incident: OpenIncident
  readonly atMs: number
  readonly reason: ResolvedReason
}

/** Incidents that ended, as many as the page shows. */
export const recentMax = 50
const openMax = 1_000
/** A pending incident of a process that ended longer ago than this begins anew. */
const pendingMsMax = 3_600_000

/** Stores the change and what is to be told of it, in the caller's transaction: one never exists without the other. */
export async function storeIncidentChange(db: Transaction, change: IncidentChange, baseUrl: string): Promise<void> {
  const { incident: changed, transition, atMs } = change
  const row = {
    state: changed.state.phase,
    heldMs: 0,
    severity: changed.severity,
    params: changed.params,
    firedAt: changed.firedAtMs === null ? null : new Date(changed.firedAtMs),
  }
  switch (transition) {
    case 'dropped':
      await db.incident.deleteMany({ where: { id: changed.id } })
      return
    case 'resolved':
      await db.incident.update({
        where: { id: changed.id },
        data: { ...row, state: 'resolved', resolvedAt: new Date(atMs), resolvedReason: change.reason },
      })
      await tellChannels(db, change, baseUrl)
      return
    default: {
      await db.incident.upsert({
        where: { id: changed.id },
        update: row,
        create: {
          ...row,
          id: changed.id,
          clusterId: changed.clusterId,
          ruleId: changed.rule,
          subjectKind: changed.subject.kind,
          subjectId: changed.subject.id,
          pendingSince: new Date(changed.pendingSinceMs),
        },
      })
      if (transition === 'fired') await tellChannels(db, change, baseUrl)
    }
  }
}

/** The start goes to every channel that is switched on, the end to those that were told of the start. */
async function tellChannels(db: Transaction, change: IncidentChange, baseUrl: string): Promise<void> {
  const { incident: changed, transition, atMs } = change
  const isEnd = transition === 'resolved'
  const channels = await db.channel.findMany({
    where: isEnd ? { deliveries: { some: { incidentId: changed.id, kind: 'fire' } } } : { isEnabled: true },
    orderBy: { createdAt: 'asc' },
    take: 1_000,
  })
  const sequence = isEnd ? 2 : 1
  await db.delivery.createMany({
    data: channels.map((channel) => ({
      id: randomUUID(),
      incidentId: changed.id,
      channelId: channel.id,
      channelName: channel.name,
      kind: isEnd ? 'resolve' : 'fire',
      sequence,
      idempotencyKey: createHash('sha256').update(`${channel.id}|${changed.id}|${sequence}`).digest('hex'),
      payload: webhookPayload(
        {
          incidentId: changed.id,
          clusterId: changed.clusterId,
          rule: changed.rule,
          severity: changed.severity,
          subject: changed.subject,
          params: changed.params,
          firedAtMs: changed.firedAtMs ?? atMs,
          resolvedAtMs: isEnd ? atMs : null,
        },
        { channel: channel.name, baseUrl },
      ),
      createdAt: new Date(atMs),
      notBefore: new Date(atMs),
    })),
    skipDuplicates: true,
  })
}

/** What an earlier process left open. How long a phase has held goes on from where that process stopped in order. */
export async function listOpenIncidents(
  db: PrismaClient,
  nowMs: number,
): Promise<{ incident: OpenIncident; deliveries: Delivery[] }[]> {
  await db.incident.deleteMany({ where: { state: 'pending', pendingSince: { lt: new Date(nowMs - pendingMsMax) } } })
  const rows = await db.incident.findMany({
    where: { state: { not: 'resolved' } },
    include: { deliveries: { orderBy: [{ sequence: 'asc' }, { channelName: 'asc' }] } },
    take: openMax,
  })
  return rows.map((row) => {
    const { id, clusterId, rule, subject, severity, params, pendingSinceMs, firedAtMs, deliveries } = incidentOf(row)
    const phase = openPhase.parse(row.state)
    const state = { phase, heldMs: row.heldMs, evaluatedAtMs: null }
    return {
      incident: { id, clusterId, rule, subject, severity, params, pendingSinceMs, firedAtMs, state },
      deliveries,
    }
  })
}

/** Remembers how long pending and recovering incidents have been so, for the next start. */
export async function storeHeldTimes(db: PrismaClient, incidents: readonly OpenIncident[]): Promise<void> {
  for (const { id, state } of incidents) {
    if (state.phase !== 'firing') await db.incident.updateMany({ where: { id }, data: { heldMs: state.heldMs } })
  }
}

/** Clusters that ever had an incident. */
export async function listIncidentClusters(db: PrismaClient): Promise<string[]> {
  const rows = await db.incident.findMany({ distinct: ['clusterId'], select: { clusterId: true }, take: 1_000 })
  return rows.map((row) => row.clusterId)
}

/** The last incidents of a cluster that ended, newest first. */
export async function listRecentIncidents(db: PrismaClient, clusterId: string): Promise<Incident[]> {
  const rows = await db.incident.findMany({
    where: { clusterId, state: 'resolved' },
    include: { deliveries: { orderBy: [{ sequence: 'asc' }, { channelName: 'asc' }] } },
    orderBy: { resolvedAt: 'desc' },
    take: recentMax,
  })
  return rows.map(incidentOf)
}

export async function listDeliveries(db: PrismaClient, incidentId: string): Promise<Delivery[]> {
  const rows = await db.delivery.findMany({
    where: { incidentId },
    orderBy: [{ sequence: 'asc' }, { channelName: 'asc' }],
    take: 1_000,
  })
  return rows.map(deliveryOf)
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return delivery.parse({
    channel: row.channelName,
    kind: row.kind,
    status: row.status,
    attempts: row.attempts,
    lastError: row.lastError,
    atMs: row.attemptedAt?.getTime() ?? null,
  })
}

const openPhase = z.enum(['pending', 'firing', 'recovering'])

function incidentOf(row: IncidentRow & { deliveries: DeliveryRow[] }): Incident {
  return incident.parse({
    id: row.id,
    clusterId: row.clusterId,
    rule: row.ruleId,
    severity: row.severity,
    state: row.state,
    params: row.params,
    subject: { kind: row.subjectKind, id: row.subjectId },
    pendingSinceMs: row.pendingSince.getTime(),
    firedAtMs: row.firedAt?.getTime() ?? null,
    resolvedAtMs: row.resolvedAt?.getTime() ?? null,
    resolvedReason: row.resolvedReason,
    deliveries: row.deliveries.map(deliveryOf),
  })
}

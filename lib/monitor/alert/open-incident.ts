import type { AlertRuleId, Delivery, Incident, IncidentState, Severity } from '../../contract/alert.ts'
import type { AlertParams, AlertSubject } from '../../domain/alert-conditions.ts'
import type { AlertState } from '../../domain/alert-state.ts'

/** An incident as the engine keeps it: what is stored, and where its state machine is. */
export interface OpenIncident {
  readonly id: string
  readonly clusterId: string
  readonly rule: AlertRuleId
  readonly subject: AlertSubject
  readonly severity: Severity
  readonly params: AlertParams
  readonly state: AlertState
  readonly pendingSinceMs: number
  readonly firedAtMs: number | null
}

/** Why an incident ended. */
export type ResolvedReason = 'cleared' | 'subjectGone' | 'ruleDisabled'

/** Of one cluster: there is at most one open incident a rule and subject. */
export function incidentKey(rule: AlertRuleId, subject: AlertSubject): string {
  return `${rule} ${subject.kind} ${subject.id}`
}

export function toIncident(
  incident: OpenIncident,
  deliveries: readonly Delivery[],
  end?: { resolvedAtMs: number; reason: ResolvedReason },
): Incident {
  const state: IncidentState = end === undefined ? incident.state.phase : 'resolved'
  return {
    id: incident.id,
    clusterId: incident.clusterId,
    rule: incident.rule,
    severity: incident.severity,
    state,
    params: incident.params,
    subject: incident.subject,
    pendingSinceMs: incident.pendingSinceMs,
    firedAtMs: incident.firedAtMs,
    resolvedAtMs: end?.resolvedAtMs ?? null,
    resolvedReason: end?.reason ?? null,
    deliveries: [...deliveries],
  }
}

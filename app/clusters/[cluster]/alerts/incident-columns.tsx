import type { Incident } from '../../../../lib/contract/alert.ts'
import type { Health } from '../../../../lib/contract/scalars.ts'
import type { Dictionary } from '../../../../lib/format/english.ts'
import { HealthState } from '../../../components/figure/health-state.tsx'
import { Instant } from '../../../components/figure/instant.tsx'
import { Unknown } from '../../../components/figure/unknown.tsx'
import type { Column } from '../../../components/table/column.ts'
import { IncidentDeliveries } from './incident-deliveries.tsx'
import { IncidentDuration } from './incident-duration.tsx'
import { IncidentSentence } from './incident-sentence.tsx'

export function openIncidentColumns({ alerts }: Dictionary): Column<Incident>[] {
  return [
    stateColumn(alerts),
    whatColumn(alerts),
    {
      id: 'since',
      header: alerts.since,
      width: '150px',
      cell: (incident) => <Instant atMs={incident.pendingSinceMs} />,
      narrow: 'figure',
    },
    {
      id: 'fired',
      header: alerts.fired,
      width: '150px',
      cell: (incident) => <Instant atMs={incident.firedAtMs} reason={alerts.states.pending} />,
    },
    toldColumn(alerts),
  ]
}

export function recentIncidentColumns({ alerts }: Dictionary): Column<Incident>[] {
  return [
    stateColumn(alerts),
    whatColumn(alerts),
    {
      id: 'fired',
      header: alerts.fired,
      width: '150px',
      cell: (incident) => <Instant atMs={incident.firedAtMs} reason={alerts.states.pending} />,
      narrow: 'figure',
    },
    {
      id: 'lasted',
      header: alerts.lasted,
      width: '150px',
      cell: (incident) => <IncidentDuration incident={incident} />,
      narrow: 'figure',
    },
    toldColumn(alerts),
  ]
}

function stateColumn(alerts: Dictionary['alerts']): Column<Incident> {
  return {
    id: 'state',
    header: alerts.state,
    width: '180px',
    cell: (incident) => (
      <HealthState health={healthOf(incident)}>
        {alerts.states[incident.state]} · {alerts.severities[incident.severity]}
      </HealthState>
    ),
    narrow: 'state',
  }
}

function whatColumn(alerts: Dictionary['alerts']): Column<Incident> {
  return {
    id: 'what',
    header: alerts.what,
    width: 'minmax(0, 4fr)',
    cell: (incident) => (
      <span title={alerts.rules[incident.rule].name}>
        <IncidentSentence incident={incident} />
      </span>
    ),
    narrow: 'lead',
  }
}

function toldColumn(alerts: Dictionary['alerts']): Column<Incident> {
  return {
    id: 'told',
    header: alerts.told,
    width: 'minmax(220px, 3fr)',
    cell: (incident) =>
      incident.state === 'pending' ? (
        <Unknown reason={alerts.forHelp} />
      ) : (
        <IncidentDeliveries deliveries={incident.deliveries} />
      ),
    narrow: 'figure',
  }
}

function healthOf({ state, severity }: Incident): Health {
  if (state === 'resolved') return 'unknown'
  if (state === 'firing' && severity === 'critical') return 'critical'
  return 'atRisk'
}

import type { Metadata } from 'next'
import { alertRulesQuery, channelsQuery, incidentsQuery } from '../../../../lib/web/queries.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { AlertsScreen } from './alerts-screen.tsx'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[incidentsQuery(cluster), alertRulesQuery(), channelsQuery()]}>
      <AlertsScreen cluster={cluster} />
    </Prefetch>
  )
}

import type { Metadata } from 'next'
import { groupsQuery } from '../../../../lib/web/queries.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { GroupsScreen } from './groups-screen.tsx'

export const metadata: Metadata = { title: 'Consumer groups' }

export default async function GroupsPage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[groupsQuery(cluster)]}>
      <GroupsScreen cluster={cluster} />
    </Prefetch>
  )
}

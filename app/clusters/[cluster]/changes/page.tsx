import type { Metadata } from 'next'
import { changesQuery } from '../../../../lib/web/queries.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { ChangesScreen } from './changes-screen.tsx'

export const metadata: Metadata = { title: 'Changes' }

export default async function ChangesPage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[changesQuery(cluster)]}>
      <ChangesScreen cluster={cluster} />
    </Prefetch>
  )
}

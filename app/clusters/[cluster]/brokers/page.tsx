import type { Metadata } from 'next'
import { brokersQuery } from '../../../../lib/web/queries.ts'
import { Prefetch } from '../../../components/prefetch.tsx'
import { BrokersScreen } from './brokers-screen.tsx'

export const metadata: Metadata = { title: 'Brokers' }

export default async function BrokersPage({ params }: { params: Promise<{ cluster: string }> }) {
  const cluster = decodeURIComponent((await params).cluster)
  return (
    <Prefetch queries={[brokersQuery(cluster)]}>
      <BrokersScreen cluster={cluster} />
    </Prefetch>
  )
}

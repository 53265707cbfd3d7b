import type { Metadata } from 'next'
import { brokerConfigsQuery, brokerQuery } from '../../../../../lib/web/queries.ts'
import { Prefetch } from '../../../../components/prefetch.tsx'
import { BrokerScreen } from './broker-screen.tsx'

interface BrokerPageProps {
  params: Promise<{ cluster: string; broker: string }>
  searchParams: Promise<{ tab?: string }>
}

export async function generateMetadata({ params }: BrokerPageProps): Promise<Metadata> {
  return { title: `Broker ${(await params).broker}` }
}

export default async function BrokerPage({ params, searchParams }: BrokerPageProps) {
  const [{ cluster: rawCluster, broker }, { tab }] = await Promise.all([params, searchParams])
  const cluster = decodeURIComponent(rawCluster)
  const detail = brokerQuery(cluster, broker)
  return (
    <Prefetch queries={tab === 'configs' ? [detail, brokerConfigsQuery(cluster, broker)] : [detail]}>
      <BrokerScreen cluster={cluster} broker={broker} />
    </Prefetch>
  )
}

import type { Metadata } from 'next'
import { groupQuery } from '../../../../../lib/web/queries.ts'
import { Prefetch } from '../../../../components/prefetch.tsx'
import { GroupScreen } from './group-screen.tsx'

interface GroupPageProps {
  params: Promise<{ cluster: string; group: string }>
}

export async function generateMetadata({ params }: GroupPageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).group) }
}

export default async function GroupPage({ params }: GroupPageProps) {
  const { cluster: rawCluster, group: rawGroup } = await params
  const cluster = decodeURIComponent(rawCluster)
  const group = decodeURIComponent(rawGroup)
  return (
    <Prefetch queries={[groupQuery(cluster, group)]}>
      <GroupScreen cluster={cluster} group={group} />
    </Prefetch>
  )
}

import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { LiveProvider } from '../../../lib/web/live-provider.tsx'
import { overviewQuery } from '../../../lib/web/queries.ts'
import { parseReaderChoices } from '../../../lib/web/reader-choices.ts'
import { Frame } from '../../components/frame/frame.tsx'
import { Prefetch } from '../../components/prefetch.tsx'
import { requireSessionUser } from '../../session-user.ts'

interface ClusterLayoutProps {
  params: Promise<{ cluster: string }>
  children: ReactNode
}

export default async function ClusterLayout({ params, children }: ClusterLayoutProps) {
  const user = await requireSessionUser()
  const cluster = decodeURIComponent((await params).cluster)
  const jar = await cookies()
  const { isRailFolded } = parseReaderChoices((name) => jar.get(name)?.value)
  return (
    <Prefetch queries={[overviewQuery(cluster)]}>
      <LiveProvider>
        <Frame cluster={cluster} user={user} isFoldedAtFirst={isRailFolded}>
          {children}
        </Frame>
      </LiveProvider>
    </Prefetch>
  )
}

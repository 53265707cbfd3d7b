'use client'

import { Button } from '@mantine/core'
import Link from 'next/link'
import type { ClusterSummary } from '../../../../lib/contract/cluster.ts'
import { newTopicHref } from '../../../../lib/web/links.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { CommandLine } from '../../../components/text/command-line.tsx'

/** A cluster without topics of its own: how to make it move. */
export function EmptyCluster({ cluster }: { cluster: ClusterSummary }) {
  const words = useWords().overview
  return (
    <EmptyState title={words.emptyTitle} detail={words.emptyDemo}>
      <CommandLine command={demoCommand(cluster.bootstrap)} />
      <p className="quiet">{words.emptyClient}</p>
      <CommandLine command={cluster.bootstrap} />
      <Button component={Link} data-button href={newTopicHref(cluster.id)} variant="default">
        {words.emptyTopic}
      </Button>
    </EmptyState>
  )
}

/** The demo looks at the default port by itself. */
function demoCommand(bootstrap: string): string {
  const isDefault = bootstrap.split(',').includes('127.0.0.1:9092')
  return isDefault ? 'npm run demo' : `npm run demo -- --brokers ${bootstrap}`
}

'use client'

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { WebhookChannel } from '../../../../lib/contract/alert.ts'
import { channelsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { EmptyState } from '../../../components/section/empty-state.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SkeletonRows } from '../../../components/section/skeleton-rows.tsx'
import { ChannelRow } from './channel-row.tsx'

const ChannelDialog = dynamic(() => import('./channel-dialog.tsx').then((module) => module.ChannelDialog), {
  ssr: false,
})

export function ChannelsTab() {
  const words = useWords().alerts
  const query = useQuery(channelsQuery())
  const [edited, setEdited] = useState<WebhookChannel | 'new' | undefined>()
  const channels = query.data?.channels
  const add = <Button onClick={() => setEdited('new')}>{words.addChannel}</Button>
  return (
    <Section query={query} subject={words.tabs.channels} aside={channels?.length ? add : undefined}>
      {channels === undefined && query.error === null && <SkeletonRows rows={3} height={40} />}
      {channels?.length === 0 && (
        <EmptyState title={words.channelsEmpty} detail={words.channelsEmptyDetail}>
          {add}
        </EmptyState>
      )}
      {channels?.map((channel) => (
        <ChannelRow key={channel.id} channel={channel} onEdit={() => setEdited(channel)} />
      ))}
      {edited !== undefined && (
        <ChannelDialog channel={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  )
}

'use client'

import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { WebhookChannel } from '../../../../lib/contract/alert.ts'
import { deleteChannel, testChannel } from '../../../../lib/web/acts.ts'
import { channelsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { FormFailure } from '../../../components/form/form-failure.tsx'
import classes from './alerts.module.css'
import { DeliveryStatus } from './delivery-status.tsx'

interface ChannelRowProps {
  channel: WebhookChannel
  onEdit: () => void
}

export function ChannelRow({ channel, onEdit }: ChannelRowProps) {
  const words = useWords()
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: channelsQuery().queryKey })
  const test = useMutation({ mutationFn: () => testChannel(channel.id), onSettled: refresh })
  const deletion = useMutation({ mutationFn: () => deleteChannel(channel.id), onSettled: refresh })
  return (
    <div className={classes.channel}>
      <strong>{channel.name}</strong>
      <div>
        <code>{channel.url}</code>{' '}
        <span className="quiet">
          {channel.hasSecret ? words.alerts.signed : words.alerts.unsigned}
          {!channel.isEnabled && ` · ${words.alerts.off}`}
        </span>
        <FormFailure problem={test.error ?? deletion.error} />
      </div>
      <div>
        {channel.lastDelivery === null ? (
          <span className="quiet">{words.alerts.neverDelivered}</span>
        ) : (
          <DeliveryStatus delivery={channel.lastDelivery} />
        )}
        {channel.lastDelivery?.lastError && <p className="quiet">{channel.lastDelivery.lastError}</p>}
      </div>
      <div className={classes.acts}>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {words.alerts.test}
        </Button>
        <Menu position="bottom-end" transitionProps={{ duration: 120 }}>
          <Menu.Target>
            <Button variant="default" aria-label={words.common.more} title={words.common.more} px={8}>
              <IconDots size={14} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onEdit}>{words.alerts.editChannel}</Menu.Item>
            <Menu.Item
              c="var(--critical)"
              title={words.alerts.deleteChannelDetail(channel.name)}
              onClick={() => deletion.mutate()}
            >
              {words.alerts.deleteChannel}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  )
}

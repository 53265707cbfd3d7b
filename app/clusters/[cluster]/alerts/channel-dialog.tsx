'use client'

import { Button, Modal, PasswordInput, Switch, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { WebhookChannel } from '../../../../lib/contract/alert.ts'
import { saveChannel } from '../../../../lib/web/acts.ts'
import { channelsQuery } from '../../../../lib/web/queries.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { DialogActs } from '../../../components/form/dialog-acts.tsx'
import { FormFailure } from '../../../components/form/form-failure.tsx'
import classes from './alerts.module.css'

interface ChannelDialogProps {
  /** Absent for a new one. */
  channel: WebhookChannel | undefined
  onClose: () => void
}

export function ChannelDialog({ channel, onClose }: ChannelDialogProps) {
  const words = useWords()
  const queryClient = useQueryClient()
  const [name, setName] = useState(channel?.name ?? '')
  const [url, setUrl] = useState(channel?.url ?? '')
  const [secret, setSecret] = useState('')
  const [isEnabled, setIsEnabled] = useState(channel?.isEnabled ?? true)
  const saving = useMutation({
    mutationFn: () => saveChannel(channel?.id, { name, url, isEnabled, ...(secret === '' ? {} : { secret }) }),
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries({ queryKey: channelsQuery().queryKey })
    },
  })
  const fields = saving.error?.fields ?? []
  const faultOf = (path: string) => fields.find((field) => field.path === path)?.message
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={channel === undefined ? words.alerts.addChannel : words.alerts.editChannel}>
      <form className={classes.fields} onSubmit={submit} noValidate>
        <TextInput
          label={words.alerts.channelName}
          value={name}
          error={faultOf('name')}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={words.alerts.channelUrl}
          description={words.alerts.channelUrlHelp}
          placeholder="https://"
          inputMode="url"
          value={url}
          error={faultOf('url')}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.alerts.channelSecret}
          description={channel?.hasSecret ? words.alerts.channelSecretKept : words.alerts.channelSecretHelp}
          value={secret}
          error={faultOf('secret')}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="off"
        />
        <Switch
          label={words.alerts.channelEnabled}
          checked={isEnabled}
          onChange={(event) => setIsEnabled(event.currentTarget.checked)}
        />
        <FormFailure problem={fields.length === 0 ? saving.error : null} />
        <DialogActs onCancel={onClose}>
          <Button type="submit" size="sm" loading={saving.isPending}>
            {words.common.save}
          </Button>
        </DialogActs>
      </form>
    </Modal>
  )
}

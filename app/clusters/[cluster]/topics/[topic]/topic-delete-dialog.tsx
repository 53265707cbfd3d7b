'use client'

import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { deleteTopic } from '../../../../../lib/web/acts.ts'
import { pageHref } from '../../../../../lib/web/links.ts'
import { topicDeletionPreviewQuery, topicQuery, topicsQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { DialogActs } from '../../../../components/form/dialog-acts.tsx'
import { FormFailure } from '../../../../components/form/form-failure.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SkeletonRows } from '../../../../components/section/skeleton-rows.tsx'
import { TopicDeletionCost } from './topic-deletion-cost.tsx'

interface TopicDeleteDialogProps {
  cluster: string
  topic: string
  onClose: () => void
}

export function TopicDeleteDialog({ cluster, topic, onClose }: TopicDeleteDialogProps) {
  const words = useWords()
  const router = useRouter()
  const queryClient = useQueryClient()
  const preview = useQuery(topicDeletionPreviewQuery(cluster, topic))
  const [typed, setTyped] = useState('')
  const deletion = useMutation({
    mutationFn: () => deleteTopic(cluster, topic, typed),
    onSuccess: async () => {
      router.push(pageHref(cluster, 'topics'))
      // Not removed: this page still stands for a moment and would ask for a topic that is gone.
      await queryClient.invalidateQueries({ queryKey: topicQuery(cluster, topic).queryKey, refetchType: 'none' })
      await queryClient.invalidateQueries({ queryKey: topicsQuery(cluster).queryKey })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    deletion.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={words.topicActs.deleteTitle(topic)} size="lg">
      <form onSubmit={submit}>
        <Section query={preview} subject={topic}>
          {preview.data === undefined ? <SkeletonRows rows={3} /> : <TopicDeletionCost preview={preview.data} />}
        </Section>
        <TextInput
          label={words.topicActs.deleteConfirm}
          placeholder={topic}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          styles={{ input: { fontFamily: 'var(--font-code)' } }}
        />
        <FormFailure problem={deletion.error} />
        <DialogActs onCancel={onClose}>
          <Button type="submit" color="red" size="sm" disabled={typed !== topic} loading={deletion.isPending}>
            {words.topicActs.deleteSubmit}
          </Button>
        </DialogActs>
      </form>
    </Modal>
  )
}

'use client'

import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { BrokerRow } from '../../../../../lib/contract/broker.ts'
import { stopBroker } from '../../../../../lib/web/acts.ts'
import { brokerQuery } from '../../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import { DialogActs } from '../../../../components/form/dialog-acts.tsx'
import { FormFailure } from '../../../../components/form/form-failure.tsx'

interface BrokerStopDialogProps {
  cluster: string
  broker: BrokerRow
  onClose: () => void
}

export function BrokerStopDialog({ cluster, broker, onClose }: BrokerStopDialogProps) {
  const words = useWords().brokers
  const formats = useFormats()
  const queryClient = useQueryClient()
  const stop = useMutation({
    mutationFn: () => stopBroker(cluster, broker.id),
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries({ queryKey: brokerQuery(cluster, String(broker.id)).queryKey })
    },
  })
  return (
    <Modal opened onClose={onClose} title={words.stopTitle(broker.id)}>
      <p>{words.stopCost(formats.exact(broker.leaders), formats.exact(broker.replicas))}</p>
      <FormFailure problem={stop.error} />
      <DialogActs onCancel={onClose}>
        <Button color="red" size="sm" loading={stop.isPending} onClick={() => stop.mutate()} data-autofocus>
          {words.stopSubmit}
        </Button>
      </DialogActs>
    </Modal>
  )
}

'use client'

import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { BrokerRow } from '../../../../../lib/contract/broker.ts'
import { startBroker } from '../../../../../lib/web/acts.ts'
import { brokerQuery } from '../../../../../lib/web/queries.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { FormFailure } from '../../../../components/form/form-failure.tsx'

const BrokerStopDialog = dynamic(() => import('./broker-stop-dialog.tsx').then((module) => module.BrokerStopDialog), {
  ssr: false,
})

interface BrokerActsProps {
  cluster: string
  broker: BrokerRow
}

/** Brokers of the embedded cluster can be stopped, to see what happens, and started again. */
export function BrokerActs({ cluster, broker }: BrokerActsProps) {
  const words = useWords()
  const queryClient = useQueryClient()
  const [isStopping, setIsStopping] = useState(false)
  const start = useMutation({
    mutationFn: () => startBroker(cluster, broker.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: brokerQuery(cluster, String(broker.id)).queryKey }),
  })
  if (broker.state === 'down') {
    return (
      <>
        <FormFailure problem={start.error} />
        <Button onClick={() => start.mutate()} loading={start.isPending}>
          {words.brokers.start}
        </Button>
      </>
    )
  }
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 120 }}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDots size={14} />}>
            {words.common.more}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item c="var(--critical)" onClick={() => setIsStopping(true)}>
            {words.brokers.stop}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isStopping && <BrokerStopDialog cluster={cluster} broker={broker} onClose={() => setIsStopping(false)} />}
    </>
  )
}

'use client'

import type { BrokerDetail } from '../../../../../lib/contract/broker.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'
import { HealthState } from '../../../../components/figure/health-state.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SimpleTable } from '../../../../components/table/simple-table.tsx'

export function BrokerLogDirsTab({ detail }: { detail: BrokerDetail }) {
  const words = useWords()
  const { brokers, common } = words
  return (
    <Section parts={[detail.parts.logDirs]}>
      <SimpleTable
        label={brokers.tabs.logDirs}
        rows={detail.logDirs}
        keyOf={(logDir) => logDir.path}
        columns={[
          {
            id: 'path',
            header: brokers.logDir,
            width: 'minmax(200px, 3fr)',
            cell: (logDir) => <span className="mono">{logDir.path}</span>,
            narrow: 'lead',
          },
          {
            id: 'state',
            header: brokers.state,
            width: 'minmax(100px, 1fr)',
            cell: (logDir) => (
              <HealthState health={logDir.error === null ? 'ok' : 'critical'}>
                {logDir.error ?? brokers.online}
              </HealthState>
            ),
            narrow: 'state',
          },
          {
            id: 'replicas',
            header: brokers.replicas,
            width: '80px',
            align: 'end',
            cell: (logDir) => <Figure value={logDir.replicas} source="disk" unit="count" />,
            narrow: 'figure',
          },
          {
            id: 'size',
            header: brokers.size,
            width: '96px',
            align: 'end',
            cell: (logDir) => <Figure value={logDir.sizeBytes} source="disk" unit="bytes" />,
            narrow: 'figure',
          },
          {
            id: 'free',
            header: brokers.free,
            width: '96px',
            align: 'end',
            cell: (logDir) => (
              <Figure value={logDir.usableBytes} source="disk" unit="bytes" reason={common.unknownBroker} />
            ),
            narrow: 'figure',
          },
          {
            id: 'total',
            header: brokers.total,
            width: '96px',
            align: 'end',
            cell: (logDir) => (
              <Figure value={logDir.totalBytes} source="disk" unit="bytes" reason={common.unknownBroker} />
            ),
          },
        ]}
      />
    </Section>
  )
}

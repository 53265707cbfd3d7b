'use client'

import type { BrokerDetail } from '../../../../../lib/contract/broker.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'
import { BrokerDiskShare } from '../broker-disk-share.tsx'

export function BrokerFacts({ detail: { broker } }: { detail: BrokerDetail }) {
  const words = useWords()
  return (
    <>
      <span className="mono">
        {broker.host}:{broker.port}
      </span>
      {broker.isController && <span>{words.brokers.controller}</span>}
      {broker.rack !== null && (
        <span>
          {words.brokers.rack} {broker.rack}
        </span>
      )}
      <span>
        {words.brokers.recordsIn}{' '}
        <Figure value={broker.recordsInPerSecond} source="ends" unit="rate" reason={words.common.unknownNoHistory} />
      </span>
      <span>
        {words.brokers.size}{' '}
        <Figure value={broker.sizeBytes} source="disk" unit="bytes" reason={words.common.unknownBroker} />
      </span>
      <span>
        {words.brokers.disk} <BrokerDiskShare broker={broker} />
      </span>
    </>
  )
}

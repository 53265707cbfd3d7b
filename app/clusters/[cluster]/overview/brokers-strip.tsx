'use client'

import Link from 'next/link'
import type { BrokerRow } from '../../../../lib/contract/broker.ts'
import { brokerHref } from '../../../../lib/web/links.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { HealthMark } from '../../../components/figure/health-mark.tsx'
import { Section } from '../../../components/section/section.tsx'
import { BrokerDiskShare } from '../brokers/broker-disk-share.tsx'
import classes from './brokers-strip.module.css'

interface BrokersStripProps {
  cluster: string
  brokers: readonly BrokerRow[]
}

export function BrokersStrip({ cluster, brokers }: BrokersStripProps) {
  const words = useWords().overview
  return (
    <Section title={words.brokers}>
      <ul className={classes.strip}>
        {brokers.map((broker) => (
          <BrokerCell key={broker.id} cluster={cluster} broker={broker} />
        ))}
      </ul>
    </Section>
  )
}

function BrokerCell({ cluster, broker }: { cluster: string; broker: BrokerRow }) {
  const words = useWords()
  const formats = useFormats()
  const { stateSinceMs } = broker
  return (
    <li>
      <Link
        href={brokerHref(cluster, broker.id)}
        prefetch={false}
        className={classes.broker}
        data-health={broker.health}
      >
        <HealthMark health={broker.health} />
        <span className={classes.id}>{broker.id}</span>
        {broker.isController && <span className={classes.controller}>{words.overview.controller}</span>}
        {broker.state === 'down' ? (
          <strong>
            {stateSinceMs === null ? words.overview.down : words.overview.downSince(formats.time(stateSinceMs))}
          </strong>
        ) : (
          <>
            <span>
              {words.overview.leaders} <b>{formats.count(broker.leaders)}</b>
            </span>
            <span>
              {words.overview.disk}{' '}
              <b>
                <BrokerDiskShare broker={broker} />
              </b>
            </span>
          </>
        )}
      </Link>
    </li>
  )
}

import Link from 'next/link'
import { Fragment } from 'react'
import { brokerHref } from '../../../../../lib/web/links.ts'

interface BrokerLinksProps {
  cluster: string
  brokers: readonly number[]
}

export function BrokerLinks({ cluster, brokers }: BrokerLinksProps) {
  if (brokers.length === 0) return <span className="quiet">–</span>
  return (
    <span className="mono">
      {brokers.map((broker, index) => (
        <Fragment key={broker}>
          {index > 0 && ', '}
          <Link href={brokerHref(cluster, broker)} prefetch={false}>
            {broker}
          </Link>
        </Fragment>
      ))}
    </span>
  )
}

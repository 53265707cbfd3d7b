'use client'

import type { Delivery } from '../../../../lib/contract/alert.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import classes from './alerts.module.css'
import { DeliveryStatus } from './delivery-status.tsx'

/** Who was told of an incident and whether it arrived. */
export function IncidentDeliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const words = useWords().alerts
  if (deliveries.length === 0) return <span className="quiet">{words.toldNobody}</span>
  return (
    <span className={classes.deliveries}>
      {deliveries.map((delivery) => (
        <span key={`${delivery.channel}${delivery.kind}`}>
          {delivery.channel} {words.deliveryKinds[delivery.kind]} <DeliveryStatus delivery={delivery} />
        </span>
      ))}
    </span>
  )
}

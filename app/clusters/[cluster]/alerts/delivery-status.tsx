'use client'

import type { Delivery } from '../../../../lib/contract/alert.ts'
import type { Health } from '../../../../lib/contract/scalars.ts'
import { useFormats, useNow, useWords } from '../../../../lib/web/reader-provider.tsx'
import { HealthState } from '../../../components/figure/health-state.tsx'

const healths: Record<Delivery['status'], Health> = { waiting: 'unknown', delivered: 'ok', failed: 'atRisk' }

export function DeliveryStatus({ delivery }: { delivery: Delivery }) {
  const words = useWords()
  const formats = useFormats()
  const now = useNow()
  const tries = words.alerts.attempts(delivery.attempts)
  return (
    <span title={delivery.lastError === null ? tries : `${tries}: ${delivery.lastError}`}>
      <HealthState health={healths[delivery.status]}>
        {words.alerts.deliveryStatus[delivery.status]}
        {delivery.atMs !== null && ` · ${words.common.ago(formats.age(now - delivery.atMs))}`}
      </HealthState>
    </span>
  )
}

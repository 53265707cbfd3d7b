import { acknowledgeTypes } from './acknowledgement.ts'
import { type DeliveryState, deliveryStates } from './delivery-state.ts'
import { type RecordSpan, sizeOf } from './record-spans.ts'
import type { ShareLimits } from './share-limits.ts'

/* What becomes of records that were delivered, and how those that come back are delivered again. */

export function stateAfter(
  type: number,
  { deliveryCount }: RecordSpan,
  { deliveryCountLimit }: ShareLimits,
): DeliveryState {
  if (type === acknowledgeTypes.accept) return deliveryStates.acknowledged
  const isGivenUp = type !== acknowledgeTypes.release || deliveryCount >= deliveryCountLimit
  return isGivenUp ? deliveryStates.archived : deliveryStates.available
}

/**
 * Records that were given back often may have one among them that no consumer survives. They are handed out in ever
 * smaller portions, alone at the last attempt, so that the others do not end with it.
 */
export function suspectsMax(span: RecordSpan, { deliveryCountLimit }: ShareLimits): number | undefined {
  const suspiciousCount = Math.max(2, Math.ceil(deliveryCountLimit / 2))
  if (span.deliveryCount < suspiciousCount) return undefined
  if (span.deliveryCount >= deliveryCountLimit - 1) return 1
  return Math.max(1, sizeOf(span) >> (span.deliveryCount - suspiciousCount + 1))
}

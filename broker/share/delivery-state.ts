/** What became of a record in a share group, with Kafka's numbers. Acquired is never written: a lock lives in memory. */
export const deliveryStates = { available: 0, acquired: 1, acknowledged: 2, archived: 4 } as const

export type DeliveryState = (typeof deliveryStates)[keyof typeof deliveryStates]

/** It will not be delivered again. */
export function isTerminal(state: number): boolean {
  return state === deliveryStates.acknowledged || state === deliveryStates.archived
}

/** Records in a row of which the same is known, as it is written and read. */
export interface StateBatch {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly deliveryState: number
  readonly deliveryCount: number
}

import { sizeOf } from './record-spans.ts'

export interface AcquiredRecords {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly deliveryCount: number
}

/** Neighbours delivered equally often are told as one, up to about the size that the consumer asked for. */
export function inPortions(acquired: readonly AcquiredRecords[], batchSize: number): AcquiredRecords[] {
  const portions: AcquiredRecords[] = []
  for (const records of acquired) {
    const last = portions.at(-1)
    const isNext = last?.lastOffset === records.firstOffset - 1 && last.deliveryCount === records.deliveryCount
    if (last !== undefined && isNext && sizeOf(last) < batchSize) {
      portions[portions.length - 1] = { ...last, lastOffset: records.lastOffset }
    } else {
      portions.push(records)
    }
  }
  return portions
}

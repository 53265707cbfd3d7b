/** What a consumer says of records that it had acquired, with Kafka's numbers. */
export const acknowledgeTypes = { gap: 0, accept: 1, release: 2, reject: 3, renew: 4 } as const

/** One type for all offsets, or one for each. */
export interface AcknowledgementBatch {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly acknowledgeTypes: readonly number[]
}

/** One type for offsets in a row. */
export interface Acknowledgement {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly type: number
}

/** What is wrong with the batches themselves, in Kafka's words. */
export function findAcknowledgementFault(
  batches: readonly AcknowledgementBatch[],
  { canRenew }: { canRenew: boolean },
): string | undefined {
  let previousLastOffset = -1
  for (const { firstOffset, lastOffset, acknowledgeTypes: types } of batches) {
    const count = lastOffset - firstOffset + 1
    if (firstOffset < 0 || lastOffset < firstOffset) {
      return `An acknowledgement batch has first offset ${firstOffset} and last offset ${lastOffset}.`
    }
    if (firstOffset <= previousLastOffset) return 'Acknowledgement batches overlap or are not in the order of offsets.'
    if (types.length === 0) return 'An acknowledgement batch has no acknowledge types.'
    if (types.length > 1 && types.length !== count) {
      return 'An acknowledgement batch has neither one acknowledge type nor one for each offset.'
    }
    const typeMax = canRenew ? acknowledgeTypes.renew : acknowledgeTypes.reject
    const unknown = types.find((type) => type < acknowledgeTypes.gap || type > typeMax)
    if (unknown !== undefined) return `There is no acknowledge type ${unknown} here.`
    previousLastOffset = lastOffset
  }
  return undefined
}

/** Runs of the same type, in order. */
export function* acknowledgementsIn(batch: AcknowledgementBatch): Generator<Acknowledgement, void, undefined> {
  const { firstOffset, lastOffset, acknowledgeTypes: types } = batch
  if (types.length === 1) {
    yield { firstOffset, lastOffset, type: types[0] ?? acknowledgeTypes.gap }
    return
  }
  let from = 0
  for (let i = 1; i <= types.length; i++) {
    if (types[i] === types[from]) continue
    yield {
      firstOffset: firstOffset + from,
      lastOffset: firstOffset + i - 1,
      type: types[from] ?? acknowledgeTypes.gap,
    }
    from = i
  }
}

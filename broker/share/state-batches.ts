import type { StateBatch } from './delivery-state.ts'
import { sizeOf } from './record-spans.ts'

/**
 * What is known after `changes` were applied one after the other to `batches`, which are in the order of offsets. What
 * lies before `startOffset` is left out, neighbours that do not differ are joined.
 */
export function mergeStateBatches(
  batches: readonly StateBatch[],
  changes: readonly StateBatch[],
  startOffset: number,
): StateBatch[] {
  let merged = batches
  for (const change of changes) merged = overlay(merged, change)
  const kept: StateBatch[] = []
  for (const batch of merged) {
    if (batch.lastOffset < startOffset) continue
    const from = Math.max(batch.firstOffset, startOffset)
    const last = kept.at(-1)
    if (last !== undefined && last.lastOffset === from - 1 && isAlike(last, batch)) {
      kept[kept.length - 1] = { ...last, lastOffset: batch.lastOffset }
    } else {
      kept.push(from === batch.firstOffset ? batch : { ...batch, firstOffset: from })
    }
  }
  return kept
}

function overlay(batches: readonly StateBatch[], change: StateBatch): StateBatch[] {
  if (sizeOf(change) <= 0) return [...batches]
  const before: StateBatch[] = []
  const after: StateBatch[] = []
  for (const batch of batches) {
    if (batch.firstOffset < change.firstOffset) {
      before.push({ ...batch, lastOffset: Math.min(batch.lastOffset, change.firstOffset - 1) })
    }
    if (batch.lastOffset > change.lastOffset) {
      after.push({ ...batch, firstOffset: Math.max(batch.firstOffset, change.lastOffset + 1) })
    }
  }
  return [...before, change, ...after]
}

function isAlike(a: StateBatch, b: StateBatch): boolean {
  return a.deliveryState === b.deliveryState && a.deliveryCount === b.deliveryCount
}

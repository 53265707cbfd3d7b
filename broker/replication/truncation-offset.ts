export interface EpochEndOffset {
  /** -1 when nothing is known. */
  readonly epoch: number
  readonly endOffset: number
}

/**
 * Where the two logs part (KIP-101, KIP-279): the leader's end of the largest epoch it knows below ours, or our own end of
 * that epoch when we have fewer records of it. Of an epoch that we do not know ourselves we keep what came before it and
 * ask again.
 *
 * `leader` is the leader's answer, `own` what our log says of the same epoch.
 */
export function truncationOffset(leader: EpochEndOffset, own: EpochEndOffset, logEndOffset: number): number {
  if (own.epoch === -1) return Math.min(leader.endOffset, logEndOffset)
  if (own.epoch !== leader.epoch) return Math.min(own.endOffset, logEndOffset)
  return Math.min(own.endOffset, leader.endOffset, logEndOffset)
}

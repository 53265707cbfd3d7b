/** Records the group still has to read. `null` when nothing was ever committed. */
export function computeLag(position: {
  committedOffset: bigint | null
  logStartOffset: bigint | null
  endOffset: bigint
}): bigint | null {
  const { committedOffset, logStartOffset, endOffset } = position
  if (committedOffset === null) return null
  // Below the log start the records are gone: they can no longer lag, they are lost.
  const from = logStartOffset !== null && logStartOffset > committedOffset ? logStartOffset : committedOffset
  return endOffset > from ? endOffset - from : 0n
}

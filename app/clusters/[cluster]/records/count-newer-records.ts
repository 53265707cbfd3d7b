interface PartitionEnd {
  readonly partition: number
  readonly endOffset: string | null
}

/** Records that have come since a page was read, over the partitions that it was read from. */
export function countNewerRecords(read: readonly PartitionEnd[], now: readonly PartitionEnd[]): number {
  let count = 0n
  for (const { partition, endOffset } of read) {
    const end = now.find((each) => each.partition === partition)?.endOffset
    if (end == null || endOffset === null) continue
    // What is known of the end may be a round older than the page.
    const newer = BigInt(end) - BigInt(endOffset)
    if (newer > 0n) count += newer
  }
  return Number(count)
}

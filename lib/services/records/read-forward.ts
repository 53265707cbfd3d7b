import { laterOffset } from '../../domain/later-offset.ts'
import type { OffsetRange, PartitionRecord, TopicReader } from './topic-reader.ts'

const roundsMax = 8

/** The first records from the given offsets on (a partition's start where none is given), oldest first. */
export async function readForward(
  reader: TopicReader,
  from: ReadonlyMap<number, bigint>,
  limit: number,
): Promise<PartitionRecord[]> {
  const heads = [...reader.partitions.values()].flatMap(({ partition, logStartOffset, endOffset }) => {
    if (logStartOffset === null || endOffset === null) return []
    const asked = from.get(partition) ?? logStartOffset
    return [{ partition, next: laterOffset(asked, logStartOffset), endOffset, found: 0 }]
  })
  const records: PartitionRecord[] = []
  // Compaction and transaction markers leave holes: a window may hold fewer records than offsets.
  for (let round = 0; round < roundsMax && !reader.isExhausted; round++) {
    const open = heads.filter(({ next, endOffset, found }) => next < endOffset && found < limit)
    if (open.length === 0) break
    const ranges = open.map(({ partition, next, endOffset }): OffsetRange => {
      const to = next + BigInt(limit * 2 ** round)
      return { partition, from: next, to: to < endOffset ? to : endOffset }
    })
    const read = await reader.read(ranges)
    for (const [index, head] of open.entries()) {
      const found = read.get(head.partition) ?? []
      records.push(...found.map((record) => ({ partition: head.partition, record })))
      head.found += found.length
      head.next = ranges[index]?.to ?? head.next
    }
  }
  return records.sort(byOldest).slice(0, limit)
}

function byOldest(a: PartitionRecord, b: PartitionRecord): number {
  const byTime = (a.record.timestampMs ?? 0) - (b.record.timestampMs ?? 0)
  if (byTime !== 0) return byTime
  return a.partition === b.partition ? Number(a.record.offset - b.record.offset) : a.partition - b.partition
}

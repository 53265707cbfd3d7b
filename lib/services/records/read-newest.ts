import { laterOffset } from '../../domain/later-offset.ts'
import type { OffsetRange, PartitionRecord, TopicReader } from './topic-reader.ts'

const roundsMax = 8
const windowMin = 4

interface Tail {
  readonly partition: number
  readonly logStartOffset: bigint
  /** Everything from here on was read. */
  from: bigint
  window: bigint
  records: PartitionRecord[]
}

/**
 * The newest records over all partitions. Each partition's tail is read in windows that double, and only while its
 * older records could still be among the newest of all.
 */
export async function readNewest(reader: TopicReader, limit: number): Promise<PartitionRecord[]> {
  const tails = tailsOf(reader, limit)
  for (let round = 0; round < roundsMax && !reader.isExhausted; round++) {
    const page = newestOf(tails, limit)
    const oldestShown = page.length < limit ? undefined : page.at(-1)
    const wanted = tails.filter((tail) => couldHoldNewer(tail, oldestShown))
    if (wanted.length === 0) break
    await extend(reader, wanted)
  }
  return newestOf(tails, limit)
}

function tailsOf(reader: TopicReader, limit: number): Tail[] {
  const share = Math.ceil((2 * limit) / Math.max(1, reader.partitions.size))
  const window = BigInt(Math.max(share, windowMin))
  return [...reader.partitions.values()].flatMap(({ partition, logStartOffset, endOffset }) =>
    logStartOffset === null || endOffset === null || endOffset <= logStartOffset
      ? []
      : [{ partition, logStartOffset, from: endOffset, window, records: [] }],
  )
}

function newestOf(tails: readonly Tail[], limit: number): PartitionRecord[] {
  return tails
    .flatMap(({ records }) => records)
    .sort(byNewest)
    .slice(0, limit)
}

function byNewest(a: PartitionRecord, b: PartitionRecord): number {
  const byTime = (b.record.timestampMs ?? 0) - (a.record.timestampMs ?? 0)
  if (byTime !== 0) return byTime
  return a.partition === b.partition ? Number(b.record.offset - a.record.offset) : a.partition - b.partition
}

/** What is older than the oldest record we have of a partition is not shown as long as that one is not. */
function couldHoldNewer({ from, logStartOffset, records }: Tail, oldestShown: PartitionRecord | undefined): boolean {
  if (from <= logStartOffset) return false
  const [oldestRead] = records
  return oldestShown === undefined || oldestRead === undefined || byNewest(oldestRead, oldestShown) <= 0
}

async function extend(reader: TopicReader, tails: readonly Tail[]): Promise<void> {
  const ranges = tails.map(({ partition, logStartOffset, from, window }): OffsetRange => {
    return { partition, from: laterOffset(from - window, logStartOffset), to: from }
  })
  const read = await reader.read(ranges)
  for (const [index, tail] of tails.entries()) {
    const records = (read.get(tail.partition) ?? []).map((record) => ({ partition: tail.partition, record }))
    tail.records = [...records, ...tail.records]
    tail.from = ranges[index]?.from ?? tail.from
    tail.window *= 2n
  }
}

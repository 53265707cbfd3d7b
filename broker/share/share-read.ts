import type { AbortedTransaction } from '../log/transaction-index.ts'
import { batchesIn, type RecordBatch } from '../record/record-batch.ts'
import type { Partition } from '../replication/partition.ts'
import type { AcquiredRecords } from './acquired-records.ts'
import type { ReadBatch } from './share-partition.ts'

interface LocatedBatch extends ReadBatch {
  readonly buffer: Buffer
  readonly position: number
  readonly end: number
}

/** What was read for a share group from one partition's log. */
export interface ShareRead {
  readonly fetchOffset: number
  readonly batches: readonly LocatedBatch[]
  readonly sizeBytes: number
}

/** Rejects with KafkaError, OFFSET_OUT_OF_RANGE where the log begins later by now. */
export async function readForShareGroup(
  partition: Partition,
  { fetchOffset, bytesMax, isReadCommitted }: { fetchOffset: number; bytesMax: number; isReadCommitted: boolean },
): Promise<ShareRead> {
  const upToOffset = isReadCommitted ? partition.lastStableOffset : partition.highWatermark
  if (fetchOffset >= upToOffset) return { fetchOffset, batches: [], sizeBytes: 0 }
  const read = { offset: fetchOffset, maxBytes: bytesMax, upToOffset, atLeastOneBatch: true }
  const buffers = await partition.log.read(read)
  const aborted = isReadCommitted ? partition.log.findAborted(fetchOffset, buffers) : []
  const batches: LocatedBatch[] = []
  let sizeBytes = 0
  for (const buffer of buffers) {
    sizeBytes += buffer.length
    for (const batch of batchesIn(buffer)) batches.push(locate(batch, aborted))
  }
  return { fetchOffset, batches, sizeBytes }
}

/** The batches that hold acquired records, and no others. */
export function recordsOf(read: ShareRead, acquired: readonly AcquiredRecords[]): Buffer[] {
  const kept: Buffer[] = []
  let open: { buffer: Buffer; position: number; end: number } | undefined
  const flush = () => {
    if (open !== undefined) kept.push(open.buffer.subarray(open.position, open.end))
    open = undefined
  }
  let next = 0
  for (const { buffer, position, end, baseOffset, lastOffset } of read.batches) {
    while ((acquired[next]?.lastOffset ?? Number.POSITIVE_INFINITY) < baseOffset) next += 1
    const records = acquired[next]
    if (records === undefined) break
    if (records.firstOffset > lastOffset) continue
    if (open?.buffer === buffer && open.end === position) open.end = end
    else {
      flush()
      open = { buffer, position, end }
    }
  }
  flush()
  return kept
}

function locate(batch: RecordBatch, aborted: readonly AbortedTransaction[]): LocatedBatch {
  const { buffer, position, end, baseOffset, lastOffset } = batch
  return { buffer, position, end, baseOffset, lastOffset, isSkipped: batch.isControl || isAborted(batch, aborted) }
}

function isAborted({ isTransactional, producerId, baseOffset }: RecordBatch, aborted: readonly AbortedTransaction[]) {
  if (!isTransactional) return false
  return aborted.some((transaction) => {
    return (
      transaction.producerId === producerId &&
      baseOffset >= transaction.firstOffset &&
      baseOffset <= transaction.lastOffset
    )
  })
}

import type { PartitionLog } from '../log/partition-log.ts'
import { MetadataDelta, type MetadataImage } from '../metadata/image.ts'
import { decodeMetadataRecord } from '../metadata/records.ts'
import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'

const readBytes = 8 * 1024 * 1024

/** Applies the whole metadata log to an image. Returns the highest leader epoch in it, 0 for an empty log. */
export async function replayMetadataLog(log: PartitionLog, image: MetadataImage): Promise<number> {
  const upToOffset = log.logEndOffset
  let leaderEpoch = 0
  let offset = log.logStartOffset
  while (offset < upToOffset) {
    for (const buffer of await log.read({ offset, maxBytes: readBytes, upToOffset, atLeastOneBatch: true })) {
      for (const batch of batchesIn(buffer)) {
        leaderEpoch = Math.max(leaderEpoch, batch.partitionLeaderEpoch)
        offset = batch.nextOffset
        if (batch.isControl) continue
        for (const { value } of decodeRecords(batch)) {
          if (value !== null) image.apply(decodeMetadataRecord(value), new MetadataDelta())
        }
      }
    }
  }
  return leaderEpoch
}

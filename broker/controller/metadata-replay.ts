import type { PartitionLog } from '../log/partition-log.ts'
import { MetadataDelta, type MetadataImage } from '../metadata/image.ts'
import { decodeMetadataRecord } from '../metadata/records.ts'
import { decode } from '../protocol/codec.ts'
import { Reader } from '../protocol/reader.ts'
import { leaderChangeMessage } from '../protocol/structures/leader-change-message.ts'
import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'

const readBytes = 8 * 1024 * 1024

/** Who wrote last; epoch 0 and id -1 for an empty log. */
export interface LastController {
  readonly id: number
  readonly epoch: number
}

/** Applies the whole metadata log to an image. */
export async function replayMetadataLog(log: PartitionLog, image: MetadataImage): Promise<LastController> {
  const upToOffset = log.logEndOffset
  let last: LastController = { id: -1, epoch: 0 }
  let offset = log.logStartOffset
  const delta = new MetadataDelta()
  while (offset < upToOffset) {
    for (const buffer of await log.read({ offset, maxBytes: readBytes, upToOffset, atLeastOneBatch: true })) {
      for (const batch of batchesIn(buffer)) {
        offset = batch.nextOffset
        for (const { value } of decodeRecords(batch)) {
          if (value === null) continue
          if (batch.isControl) last = { id: leaderOf(value), epoch: batch.partitionLeaderEpoch }
          else image.apply(decodeMetadataRecord(value), delta)
        }
      }
    }
  }
  return last
}

/** The only control records of this log are those with which a controller begins. */
function leaderOf(leaderChange: Buffer): number {
  return decode(leaderChangeMessage, 0, new Reader(leaderChange)).leaderId
}

import type { PartitionLog } from '../log/partition-log.ts'
import type { MetadataImage } from '../metadata/image.ts'
import { MetadataDelta } from '../metadata/metadata-delta.ts'
import { decodeMetadataRecord } from '../metadata/records.ts'
import { decodeSnapshot, type SnapshotId } from '../metadata/snapshot.ts'
import { decode } from '../protocol/codec.ts'
import { Reader } from '../protocol/reader.ts'
import { leaderChangeMessage } from '../protocol/structures/leader-change-message.ts'
import { decodeRecords } from '../record/decode-records.ts'
import { batchesIn } from '../record/record-batch.ts'
import type { MetadataSnapshots } from './metadata-snapshots.ts'

const readBytes = 8 * 1024 * 1024

/** Who wrote last; epoch 0 and id -1 for an empty log. */
export interface LastController {
  readonly id: number
  readonly epoch: number
}

export interface LoadedMetadata {
  readonly last: LastController
  readonly snapshot: SnapshotId | undefined
  /** How much was read, which is what the next start would have to read too. */
  readonly readBytes: { readonly snapshot: number; readonly log: number }
}

/** Brings an image to the end of the metadata log: the last snapshot, then the log from there. */
export async function loadMetadata(
  log: PartitionLog,
  snapshots: MetadataSnapshots,
  image: MetadataImage,
): Promise<LoadedMetadata> {
  const snapshot = await snapshots.findLatest()
  const bytes = snapshot === undefined ? undefined : await snapshots.read(snapshot)
  if (bytes !== undefined) {
    const delta = new MetadataDelta()
    for (const value of decodeSnapshot(bytes)) image.apply(decodeMetadataRecord(value), delta)
  }
  const replayed = await replayMetadataLog(log, image, Math.max(snapshot?.endOffset ?? 0, log.logStartOffset))
  const readBytes = { snapshot: bytes?.length ?? 0, log: replayed.readBytes }
  return { last: replayed.last, snapshot, readBytes }
}

/** Applies the metadata log from an offset on. */
export async function replayMetadataLog(
  log: PartitionLog,
  image: MetadataImage,
  fromOffset = log.logStartOffset,
): Promise<{ last: LastController; readBytes: number }> {
  const upToOffset = log.logEndOffset
  let last: LastController = { id: -1, epoch: 0 }
  let offset = fromOffset
  let totalBytes = 0
  const delta = new MetadataDelta()
  while (offset < upToOffset) {
    for (const buffer of await log.read({ offset, maxBytes: readBytes, upToOffset, atLeastOneBatch: true })) {
      totalBytes += buffer.length
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
  return { last, readBytes: totalBytes }
}

/** The only control records of this log are those with which a controller, or what follows a snapshot, begins. */
function leaderOf(leaderChange: Buffer): number {
  return decode(leaderChangeMessage, 0, new Reader(leaderChange)).leaderId
}

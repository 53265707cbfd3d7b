import { dirname } from 'node:path'
import type { Clock } from '../clock.ts'
import type { FileSystem } from '../log/file-system.ts'
import { defaultLogConfig } from '../log/log-config.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { TailCache } from '../log/tail-cache.ts'
import { MetadataSnapshots } from './metadata-snapshots.ts'

const tailBytes = 1024 * 1024

/** What one request or one dead broker changes is one batch: some 50 bytes a partition. Half of what a peer takes. */
const batchBytesMax = 128 * 1024 * 1024

/**
 * Opens the cluster's metadata log. Only a snapshot lets go of what it holds: together with the log from there on it is
 * what the image adds up to.
 */
export async function openMetadataLog(options: {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Clock
}): Promise<{ log: PartitionLog; snapshots: MetadataSnapshots }> {
  const snapshots = new MetadataSnapshots(options)
  const latest = await snapshots.findLatest()
  // A first controller has just made it; what is below, the log syncs with its first record.
  await options.fileSystem.syncDirectory(dirname(dirname(options.directory)))
  const log = await PartitionLog.open({
    ...options,
    config: {
      ...defaultLogConfig,
      maxMessageBytes: batchBytesMax,
      retentionMs: -1,
      retentionBytes: -1,
      deletesOldSegments: false,
    },
    tail: new TailCache({ bytesMax: tailBytes }),
    // Whoever wrote it last was most likely killed.
    recovery: { isClean: false, recoveryPoint: 0, logStartOffset: latest?.endOffset ?? 0 },
  })
  return { log, snapshots }
}

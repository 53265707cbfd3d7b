import type { Clock } from '../clock.ts'
import type { FileSystem } from '../log/file-system.ts'
import { defaultLogConfig } from '../log/log-config.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { TailCache } from '../log/tail-cache.ts'

const tailBytes = 1024 * 1024

/** What one request or one dead broker changes is one batch: some 50 bytes a partition. Half of what a peer takes. */
const batchBytesMax = 128 * 1024 * 1024

/**
 * Opens the cluster's metadata log. It has no snapshots and nothing is ever deleted from it: the image is what the whole
 * log adds up to.
 */
export function openMetadataLog(options: {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Clock
}): Promise<PartitionLog> {
  return PartitionLog.open({
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
    recovery: { isClean: false, recoveryPoint: 0, logStartOffset: 0 },
  })
}

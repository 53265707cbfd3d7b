import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts'
import type { FileSystem } from './file-system.ts'
import { formatTopicPartition, type TopicPartition } from './topic-partition-name.ts'

export const checkpointNames = {
  recoveryPoint: 'recovery-point-offset-checkpoint',
  logStartOffset: 'log-start-offset-checkpoint',
  highWatermark: 'replication-offset-checkpoint',
  cleanedOffset: 'cleaner-offset-checkpoint',
} as const

export interface PartitionOffset extends TopicPartition {
  offset: number
}

/** One offset for each partition, by the name of its folder. Empty when there is no file yet. */
export async function readOffsetCheckpoint(fileSystem: FileSystem, path: string): Promise<Map<string, number>> {
  const lines = (await readCheckpointFile(fileSystem, path)) ?? []
  return new Map(
    lines.map(([topic = '', partition, offset]) => [
      formatTopicPartition({ topic, partition: Number(partition) }),
      Number(offset),
    ]),
  )
}

export async function writeOffsetCheckpoint(
  fileSystem: FileSystem,
  path: string,
  offsets: readonly PartitionOffset[],
): Promise<void> {
  const lines = offsets.map(({ topic, partition, offset }) => [topic, partition, offset])
  await writeCheckpointFile(fileSystem, path, lines)
}

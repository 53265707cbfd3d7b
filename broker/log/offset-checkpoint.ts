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

/** A topic, a partition and an offset below 2^53. */
const entryPattern = /^([\w.-]+) (\d{1,10}) (\d{1,15})$/

/** One offset for each partition, by the name of its folder. Empty when there is no file yet, or it was damaged. */
export async function readOffsetCheckpoint(fileSystem: FileSystem, path: string): Promise<Map<string, number>> {
  const lines = (await readCheckpointFile(fileSystem, path, entryPattern)) ?? []
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

/** Partitions by topic id. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>

/** Partitions by topic id, each with the epoch at which its member was given it. */
export type EpochAssignment = ReadonlyMap<string, ReadonlyMap<number, number>>

export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export const nothingAssigned: ReadonlyMap<string, never> = new Map<string, never>()

export function assignmentOf(topics: readonly TopicPartitions[]): Assignment {
  return new Map(topics.map(({ topicId, partitions }) => [topicId, new Set(partitions)]))
}

export function topicPartitionsOf(
  assignment: ReadonlyMap<string, { keys(): Iterable<number> }>,
): { topicId: string; partitions: number[] }[] {
  return [...assignment].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions.keys()].sort(ascending),
  }))
}

export function isSameAssignment(a: Assignment, b: Assignment): boolean {
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const partition of partitions) if (!others.has(partition)) return false
  }
  return true
}

export function isSameEpochAssignment(a: EpochAssignment, b: EpochAssignment): boolean {
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const [partition, epoch] of partitions) if (others.get(partition) !== epoch) return false
  }
  return true
}

/** Whether the same partitions are in both, whatever their epochs. */
export function hasSamePartitions(a: EpochAssignment, b: EpochAssignment): boolean {
  if (a.size !== b.size) return false
  for (const [topicId, partitions] of a) {
    const others = b.get(topicId)
    if (others === undefined || others.size !== partitions.size) return false
    for (const partition of partitions.keys()) if (!others.has(partition)) return false
  }
  return true
}

function ascending(a: number, b: number): number {
  return a - b
}

export interface TopicPartition {
  topic: string
  partition: number
}

/** The name of a partition's folder. */
export function formatTopicPartition({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** Undefined for folders that hold no partition. */
export function parseTopicPartition(name: string): TopicPartition | undefined {
  const match = /^(.+)-(\d+)$/.exec(name)
  return match?.[1] === undefined ? undefined : { topic: match[1], partition: Number(match[2]) }
}

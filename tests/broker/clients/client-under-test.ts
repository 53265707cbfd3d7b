export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4'

export interface ProduceOptions {
  readonly acks?: -1 | 0 | 1
  readonly compression?: Compression
  readonly isIdempotent?: boolean
  readonly partition?: number
}

export interface ReceivedRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}

/** A member of a consumer group that reads from the start where nothing is committed. */
export interface Member {
  readonly received: readonly ReceivedRecord[]
  /** Partitions of the one topic, in order; empty until it has joined. */
  assigned(): readonly number[]
  /** Commits what it received and leaves the group. */
  leave(): Promise<void>
}

/** What the suites ask of a client library: the part of it that they all have. */
export interface ClientUnderTest {
  readonly compressions: readonly Compression[]
  produce(topic: string, values: readonly string[], options?: ProduceOptions): Promise<void>
  /** Key `key` and header `header` with their values. */
  produceKeyed(topic: string, value: string): Promise<void>
  join(group: string, topic: string): Promise<Member>
  createTopic(name: string, options?: { partitions?: number; configs?: Record<string, string> }): Promise<void>
  deleteTopic(name: string): Promise<void>
  listTopics(): Promise<string[]>
  /** Fails for an unknown topic, and does not create it. */
  countPartitions(topic: string): Promise<number>
  growTo(topic: string, partitions: number): Promise<void>
  describeTopicConfig(topic: string, name: string): Promise<string | null | undefined>
  alterTopicConfig(topic: string, name: string, value: string): Promise<void>
  listGroups(): Promise<string[]>
  describeGroup(group: string): Promise<{ state: string; members: number }>
  deleteGroup(group: string): Promise<void>
  committedOffset(group: string, topic: string, partition: number): Promise<number>
  deleteRecordsBefore(topic: string, partition: number, offset: number): Promise<void>
  earliestOffset(topic: string, partition: number): Promise<number>
  latestOffset(topic: string, partition: number): Promise<number>
  /** The first offset at or behind that time. */
  offsetAt(topic: string, partition: number, timestampMs: number): Promise<number>
  close(): Promise<void>
}

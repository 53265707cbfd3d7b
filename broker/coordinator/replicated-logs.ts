export interface LocalRead {
  topic: string
  partition: number
  offset: number
  maxBytes: number
}

export interface CoordinatorAppend {
  topic: string
  partition: number
  batches: Buffer
  acks: -1
  origin: 'coordinator'
  timeoutMs: number
}

export type LeadershipListener = (topic: string, partition: number, isLeader: boolean, leaderEpoch: number) => void

/** What the coordinator needs of the broker's replicas. */
export interface ReplicatedLogs {
  /** Resolves once the high watermark has passed the records. Rejects with a KafkaError. */
  append(append: CoordinatorAppend): Promise<{ readonly baseOffset: number }>
  /** Whole batches from the one that contains the offset, up to the log's end; none there. Rejects with a KafkaError. */
  readLocal(read: LocalRead): Promise<Buffer[]>
  partition(topic: string, index: number): { readonly logStartOffset: number } | undefined
  onLeadershipChange(listener: LeadershipListener): void
}

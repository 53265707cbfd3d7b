import type { Verification } from '../log/transaction-verifications.ts'
import type { ErrorCode } from '../protocol/errors.ts'

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
  /** For a transaction's first batch, what `admitTransaction` gave. */
  verification?: Verification | undefined
}

/** A producer that wants something appended in its transaction. */
export interface TransactionalProducer {
  readonly transactionalId: string
  readonly producerId: number
  readonly producerEpoch: number
  /** Whether the partition was added to the transaction before, or is to be added now. */
  readonly mode: 'verify' | 'add'
}

export interface TransactionAdmission {
  /** As the transaction's coordinator answered. */
  readonly errorCode: ErrorCode
  readonly verification: Verification | undefined
}

export interface EndedTransaction {
  readonly topic: string
  readonly partition: number
  readonly producerId: number
  readonly isCommit: boolean
}

export type LeadershipListener = (topic: string, partition: number, isLeader: boolean, leaderEpoch: number) => void

/** What the coordinator needs of the broker's replicas. */
export interface ReplicatedLogs {
  /** Resolves once the high watermark has passed the records. Rejects with a KafkaError. */
  append(append: CoordinatorAppend): Promise<{ readonly baseOffset: number }>
  /** Whole batches from the one that contains the offset, up to the log's end; none there. Rejects with a KafkaError. */
  readLocal(read: LocalRead): Promise<Buffer[]>
  partition(topic: string, index: number): { readonly logStartOffset: number } | undefined
  /** Whether a transaction may append to a partition. Rejects with a KafkaError where this broker has no replica of it. */
  admitTransaction(topic: string, partition: number, producer: TransactionalProducer): Promise<TransactionAdmission>
  /** Called when a transaction's marker is replicated in a partition led here. */
  onTransactionEnd(listener: (end: EndedTransaction) => void): void
  onLeadershipChange(listener: LeadershipListener): void
}

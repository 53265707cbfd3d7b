import type { ErrorCode } from '../protocol/errors.ts'

export interface TransactionPartition {
  readonly topic: string
  readonly partition: number
}

/** Asks the coordinator of a transaction before its first record is appended to a partition (KIP-890). */
export interface TransactionVerifier {
  /**
   * `verify` asks whether the partitions were added, `add` adds them, as Produce does from version 12 and TxnOffsetCommit from
   * version 5. Answers one error code for each partition, in the order asked: those of AddPartitionsToTxn, or why the
   * coordinator could not be asked (COORDINATOR_NOT_AVAILABLE, NETWORK_EXCEPTION). Never rejects.
   */
  check(request: {
    readonly transactionalId: string
    readonly producerId: number
    readonly producerEpoch: number
    readonly partitions: readonly TransactionPartition[]
    readonly mode: 'verify' | 'add'
  }): Promise<readonly ErrorCode[]>
}

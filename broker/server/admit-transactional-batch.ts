import type { Verification } from '../log/transaction-verifications.ts'
import { type ErrorCode, errorCodes, errorName, KafkaError } from '../protocol/errors.ts'
import type { ProduceRequest } from '../protocol/messages/00-produce.ts'
import { batchHeaderBytes, RecordBatch } from '../record/record-batch.ts'
import type { Partition } from '../replication/partition.ts'
import type { ReplicaManager } from '../replication/replica-manager.ts'
import type { Admission } from '../replication/transaction-admission.ts'

const firstVersionWithTransactionAbortable = 11
const firstVersionThatAddsPartitions = 12

/** What lets the first batch of a transaction into the partition; undefined for any other batch. Throws KafkaError. */
export function admitTransactionalBatch(
  replicas: ReplicaManager,
  { transactionalId }: ProduceRequest,
  apiVersion: number,
  partition: Partition,
  records: Buffer,
): Verification | undefined | Promise<Verification | undefined> {
  if (transactionalId === null) return undefined
  const batch = transactionalBatchIn(records)
  if (batch === undefined) return undefined
  const { producerId, producerEpoch, baseSequence } = batch
  const mode = apiVersion >= firstVersionThatAddsPartitions ? 'add' : 'verify'
  const admission = replicas.admit({ transactionalId, producerId, producerEpoch, mode }, partition, baseSequence)
  if (admission instanceof Promise) return admission.then((answered) => requireAdmitted(answered, apiVersion))
  return requireAdmitted(admission, apiVersion)
}

/** A transaction has one producer. */
export function hasSeveralProducers({ transactionalId, topicData }: ProduceRequest): boolean {
  if (transactionalId === null) return false
  let first: RecordBatch | undefined
  for (const { partitionData } of topicData) {
    for (const { records } of partitionData) {
      const batch = transactionalBatchIn(records)
      if (batch === undefined) continue
      first ??= batch
      if (batch.producerId !== first.producerId || batch.producerEpoch !== first.producerEpoch) return true
    }
  }
  return false
}

function transactionalBatchIn(records: Buffer | null): RecordBatch | undefined {
  if (records === null || records.length < batchHeaderBytes) return undefined
  const batch = new RecordBatch(records)
  return batch.isTransactional ? batch : undefined
}

/** Clients know what to do about the coordinator's errors only in the guise of a partition's. */
function requireAdmitted({ errorCode, verification }: Admission, apiVersion: number): Verification | undefined {
  switch (errorCode) {
    case errorCodes.NONE:
      return verification
    case errorCodes.PRODUCER_FENCED:
      throw new KafkaError(errorCodes.INVALID_PRODUCER_EPOCH)
    case errorCodes.INVALID_TXN_STATE:
    case errorCodes.CLUSTER_AUTHORIZATION_FAILED:
      throw notInTransaction()
    case errorCodes.TRANSACTION_ABORTABLE:
      throw apiVersion < firstVersionWithTransactionAbortable ? notInTransaction() : new KafkaError(errorCode)
    case errorCodes.CONCURRENT_TRANSACTIONS:
      throw apiVersion < firstVersionThatAddsPartitions ? notVerified(errorCode) : new KafkaError(errorCode)
    case errorCodes.NETWORK_EXCEPTION:
    case errorCodes.COORDINATOR_LOAD_IN_PROGRESS:
    case errorCodes.COORDINATOR_NOT_AVAILABLE:
    case errorCodes.NOT_COORDINATOR:
      throw notVerified(errorCode)
    default:
      throw new KafkaError(errorCode)
  }
}

function notInTransaction(): KafkaError {
  return new KafkaError(errorCodes.INVALID_TXN_STATE, 'Partition was not added to the transaction')
}

/** An error that every client tries again after, without asking for metadata. */
function notVerified(errorCode: ErrorCode): KafkaError {
  const message = 'Unable to verify the partition has been added to the transaction. Underlying error: '
  return new KafkaError(errorCodes.NOT_ENOUGH_REPLICAS, message + errorName(errorCode))
}

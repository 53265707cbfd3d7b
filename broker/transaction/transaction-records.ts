import { decode, encode } from '../protocol/codec.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Reader } from '../protocol/reader.ts'
import { transactionLogKey, transactionLogValue } from '../protocol/structures/transaction-log-record.ts'
import { Writer } from '../protocol/writer.ts'
import type { NewRecord } from '../record/build-batch.ts'
import { topicPartitionsOf } from './topic-partitions.ts'
import {
  noProducerEpoch,
  type TransactionState,
  type TransactionStatus,
  type TransactionVersion,
  transactionStatuses,
  transactionVersionOf,
} from './transaction-state.ts'

/* The records of `__transaction_state`: both key and value begin with their version. */

const keyVersion = 0

export interface TransactionRecord {
  readonly transactionalId: string
  /** Null removes the transactional id. */
  readonly state: TransactionState | null
}

/** Version 1 of the value, which alone can tell a replaced producer id, is for clusters that have finalized it. */
export function transactionRecord(
  transactionalId: string,
  state: TransactionState | null,
  version: TransactionVersion,
): NewRecord {
  const key = new Writer()
  key.int16(keyVersion)
  encode(transactionLogKey, keyVersion, { transactionalId }, key)
  return { key: key.toBuffer(), value: state && encodeState(state, version === 0 ? 0 : 1) }
}

/** Undefined for a kind of record that this broker does not know. */
export function decodeTransactionRecord(key: Buffer, value: Buffer | null): TransactionRecord | undefined {
  const keyReader = new Reader(key)
  if (keyReader.int16() !== keyVersion) return undefined
  const { transactionalId } = decode(transactionLogKey, keyVersion, keyReader)
  return { transactionalId, state: value && decodeState(new Reader(value)) }
}

function encodeState(state: TransactionState, version: number): Buffer {
  const writer = new Writer()
  writer.int16(version)
  const transactionPartitions = [...state.partitions].map(([topic, ids]) => ({ topic, partitionIds: [...ids] }))
  const value = {
    producerId: state.producerId,
    producerEpoch: state.producerEpoch,
    transactionTimeoutMs: state.timeoutMs,
    transactionStatus: transactionStatuses[state.status],
    transactionPartitions: state.status === 'Empty' ? null : transactionPartitions,
    transactionLastUpdateTimestampMs: state.updatedAtMs,
    transactionStartTimestampMs: state.startedAtMs,
  }
  const replaced = {
    previousProducerId: state.previousProducerId,
    nextProducerId: state.nextProducerId,
    clientTransactionVersion: state.clientVersion,
  }
  encode(transactionLogValue, version, version === 0 ? value : { ...value, ...replaced }, writer)
  return writer.toBuffer()
}

function decodeState(reader: Reader): TransactionState {
  const value = decode(transactionLogValue, reader.int16(), reader)
  const partitions = value.transactionPartitions ?? []
  return {
    status: statusOf(value.transactionStatus),
    producerId: value.producerId,
    previousProducerId: value.previousProducerId,
    nextProducerId: value.nextProducerId,
    producerEpoch: value.producerEpoch,
    lastProducerEpoch: noProducerEpoch,
    timeoutMs: value.transactionTimeoutMs,
    partitions: topicPartitionsOf(partitions.map(({ topic, partitionIds }) => [topic, partitionIds] as const)),
    startedAtMs: value.transactionStartTimestampMs,
    updatedAtMs: value.transactionLastUpdateTimestampMs,
    clientVersion: transactionVersionOf(value.clientTransactionVersion),
  }
}

const statusesByNumber: ReadonlyMap<number, TransactionStatus> = new Map(
  (['Empty', 'Ongoing', 'PrepareCommit', 'PrepareAbort', 'CompleteCommit', 'CompleteAbort'] as const).map((status) => [
    transactionStatuses[status],
    status,
  ]),
)

function statusOf(number: number): TransactionStatus {
  const status = statusesByNumber.get(number)
  if (status === undefined) throw new ProtocolError(`Transaction in state ${number}`)
  return status
}

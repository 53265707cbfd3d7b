import { RE2JS, RE2JSException } from 're2js'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { Transaction } from './transaction.ts'
import { type TransactionState, type TransactionStatus, transactionStatuses } from './transaction-state.ts'

export interface TransactionFilter {
  /** Empty lets every state pass. Names that are no state let none pass. */
  readonly states: readonly string[]
  readonly producerIds: readonly number[]
  /** Only what has been going on for longer; -1 lets all pass. */
  readonly durationMs: number
  /** A regular expression that the whole id must match; empty or null lets all pass. */
  readonly pattern: string | null
}

export interface ListedTransaction {
  readonly transactionalId: string
  readonly state: TransactionState
}

export function isTransactionStatus(name: string): name is TransactionStatus {
  return Object.hasOwn(transactionStatuses, name)
}

/** What passes the filter. Throws INVALID_REGULAR_EXPRESSION. */
export function filterTransactions(
  transactions: readonly Transaction[],
  filter: TransactionFilter,
  nowMs: number,
): ListedTransaction[] {
  const pattern = filter.pattern === null || filter.pattern === '' ? undefined : compile(filter.pattern)
  const states = new Set<string>(filter.states)
  const producerIds = new Set(filter.producerIds)
  const listed: ListedTransaction[] = []
  for (const { transactionalId, state } of transactions) {
    if (state === undefined) continue
    if (states.size > 0 && !states.has(state.status)) continue
    if (producerIds.size > 0 && !producerIds.has(state.producerId)) continue
    if (filter.durationMs >= 0 && !isLongerThan(state, filter.durationMs, nowMs)) continue
    if (pattern !== undefined && !pattern.matches(transactionalId)) continue
    listed.push({ transactionalId, state })
  }
  return listed
}

function isLongerThan({ startedAtMs }: TransactionState, durationMs: number, nowMs: number): boolean {
  return startedAtMs >= 0 && nowMs - startedAtMs > durationMs
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause
    throw new KafkaError(errorCodes.INVALID_REGULAR_EXPRESSION, undefined, { cause })
  }
}

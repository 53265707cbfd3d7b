import { type ErrorCode, errorCodes } from '../protocol/errors.ts'
import {
  type Acknowledgement,
  type AcknowledgementBatch,
  acknowledgementsIn,
  acknowledgeTypes,
} from './acknowledgement.ts'
import { type AcquiredRecords, inPortions } from './acquired-records.ts'
import { type DeliveryState, deliveryStates, isTerminal, type StateBatch } from './delivery-state.ts'
import { type RecordSpan, RecordSpans, sizeOf, stateBatchOf, unlocked } from './record-spans.ts'
import { stateAfter, suspectsMax } from './redelivery.ts'
import type { ShareLimits } from './share-limits.ts'

/** A batch of the log as it was read. Control batches and aborted ones are skipped. */
export interface ReadBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly isSkipped: boolean
}

export interface Acquisition {
  readonly memberId: string
  /** Where the reading began: the log has no records between it and the first batch. */
  readonly fetchOffset: number
  readonly batches: readonly ReadBatch[]
  readonly recordsMax: number
  /** Acquired records are told in portions of about so many, which a consumer hands out and acknowledges as one. */
  readonly batchSize: number
  /** Not a record more than `recordsMax`, even where that cuts a batch (KIP-1206). */
  readonly isRecordLimit: boolean
  readonly limits: ShareLimits
  readonly nowMs: number
}

/** To be written, and then handed to `SharePartition.written` with the outcome. */
export interface ShareChange {
  readonly id: number
  readonly batches: readonly StateBatch[]
}

export type AcknowledgeOutcome =
  | { readonly errorCode: Exclude<ErrorCode, typeof errorCodes.NONE>; readonly message: string }
  /** No change where locks were only renewed. */
  | { readonly errorCode: typeof errorCodes.NONE; readonly change: ShareChange | undefined }

/**
 * The records of one partition as one share group sees them: which are free, which a member has acquired, which are done
 * with. It knows neither log nor clock. What a member acknowledges counts once it is written; what a lock's end or a
 * member's leaving gives back is free at once, since losing that in a crash loses nothing but a delivery count.
 */
export class SharePartition {
  readonly #records: RecordSpans
  #lastChange = 0
  #logStartOffset = 0
  /** No free records are before it. */
  #freeFrom: number

  /** Records between the stored batches had been acquired when another broker led: they are free. */
  constructor(stored: { startOffset: number; batches: readonly StateBatch[] }) {
    this.#records = new RecordSpans(stored.startOffset)
    for (const { firstOffset, lastOffset, deliveryState, deliveryCount } of stored.batches) {
      if (lastOffset < this.#records.endOffset) continue
      if (firstOffset > this.#records.endOffset) this.#records.append(firstOffset - 1, deliveryStates.available)
      this.#records.append(lastOffset, restoredState(deliveryState), deliveryCount)
    }
    this.#records.tidy()
    this.#freeFrom = this.#records.startOffset
  }

  get startOffset(): number {
    return this.#records.startOffset
  }

  /** The first offset that was not looked at yet. */
  get endOffset(): number {
    return this.#records.endOffset
  }

  /** Where to read what can be acquired next; `endOffset` when only new records can. */
  get fetchOffset(): number {
    for (let offset = Math.max(this.#freeFrom, this.#records.startOffset); offset < this.#records.endOffset; ) {
      const span = this.#records.find(offset)
      if (span === undefined) break
      if (isFree(span)) {
        this.#freeFrom = Math.max(span.firstOffset, offset)
        return this.#freeFrom
      }
      offset = span.lastOffset + 1
    }
    this.#freeFrom = this.#records.endOffset
    return this.#freeFrom
  }

  /** Whether anything may be handed out, if the log has it. */
  canAcquire(limits: ShareLimits): boolean {
    return this.fetchOffset < this.#records.endOffset || this.#records.count < limits.recordLocksMax
  }

  /** Records from `startOffset` on that are done with or will be once what is being written is. */
  get deliveryCompleteCount(): number {
    let count = 0
    for (const span of this.#records) if (isTerminal(span.pending?.state ?? span.state)) count += sizeOf(span)
    return count
  }

  /** When the next lock ends. */
  get nextDeadlineMs(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const { pending, lockedUntilMs } of this.#records) {
      if (pending === undefined && lockedUntilMs < earliest) earliest = lockedUntilMs
    }
    return earliest
  }

  acquire(acquisition: Acquisition): AcquiredRecords[] {
    const acquired: AcquiredRecords[] = []
    let recordsLeft = acquisition.recordsMax
    let cursor = acquisition.fetchOffset
    for (const batch of acquisition.batches) {
      if (batch.lastOffset < cursor) continue
      // There was no room for all of the batch before.
      if (recordsLeft <= 0 || this.#records.endOffset < cursor) break
      // What compaction removed is not waited for.
      if (batch.baseOffset > cursor) this.#archiveFree(cursor, batch.baseOffset - 1)
      cursor = Math.max(cursor, batch.baseOffset)
      if (batch.isSkipped) this.#archiveFree(cursor, batch.lastOffset)
      else recordsLeft = this.#acquireBatch(cursor, batch.lastOffset, recordsLeft, acquisition, acquired)
      cursor = batch.lastOffset + 1
    }
    this.#records.tidy()
    return inPortions(acquired, acquisition.batchSize)
  }

  /** All of the batches or, with an error, none of them. */
  acknowledge(
    memberId: string,
    batches: readonly AcknowledgementBatch[],
    limits: ShareLimits,
    nowMs: number,
  ): AcknowledgeOutcome {
    for (const batch of batches) {
      const fault = this.#findFault(memberId, batch)
      if (fault !== undefined) return fault
    }
    const id = ++this.#lastChange
    const changed: StateBatch[] = []
    for (const batch of batches) {
      for (const acknowledgement of acknowledgementsIn(batch)) this.#apply(acknowledgement, id, limits, nowMs, changed)
    }
    this.#records.tidy()
    return { errorCode: errorCodes.NONE, change: changed.length === 0 ? undefined : { id, batches: changed } }
  }

  /** What is not written stays acquired, and comes free when its lock ends. */
  written({ id }: ShareChange, isWritten: boolean): void {
    for (const span of this.#records) {
      if (span.pending?.change !== id) continue
      if (!isWritten) span.pending = undefined
      else this.#settle(span, span.pending.state)
    }
    this.#records.tidy()
  }

  /** Ends the locks that are over. What it answers should be written too, but need not be waited for. */
  expireLocks(nowMs: number, limits: ShareLimits): StateBatch[] {
    return this.#giveBack(limits, ({ lockedUntilMs }) => lockedUntilMs <= nowMs)
  }

  /** The member has gone. */
  release(memberId: string, limits: ShareLimits): StateBatch[] {
    return this.#giveBack(limits, (span) => span.memberId === memberId)
  }

  /** The log begins later than before: what is gone cannot be delivered. */
  moveStart(logStartOffset: number): void {
    this.#logStartOffset = logStartOffset
    this.#records.dropBefore(logStartOffset)
    this.#records.tidy()
    this.#freeFrom = Math.max(this.#freeFrom, this.#records.startOffset)
  }

  /** What tells one state of the records from another, for tests and for whoever wants to look. */
  describe(): readonly Readonly<RecordSpan>[] {
    return [...this.#records]
  }

  /** Answers how many records may still be handed out after it. */
  #acquireBatch(
    from: number,
    to: number,
    recordsLeft: number,
    acquisition: Acquisition,
    acquired: AcquiredRecords[],
  ): number {
    const { memberId, isRecordLimit, limits, nowMs } = acquisition
    this.#takeNew(to, limits, isRecordLimit ? recordsLeft : to - from + 1)
    let left = recordsLeft
    for (const span of this.#records.slice(from, to)) {
      if (!isFree(span)) continue
      const suspects = suspectsMax(span, limits)
      if (suspects !== undefined && acquired.length > 0) return 0
      const count = Math.min(sizeOf(span), suspects ?? sizeOf(span), isRecordLimit ? left : sizeOf(span))
      const { firstOffset } = span
      for (const taken of this.#records.slice(firstOffset, firstOffset + count - 1)) {
        taken.state = deliveryStates.acquired
        taken.deliveryCount += 1
        taken.memberId = memberId
        taken.lockedUntilMs = nowMs + limits.lockDurationMs
        acquired.push({ firstOffset, lastOffset: taken.lastOffset, deliveryCount: taken.deliveryCount })
      }
      left -= count
      if (suspects !== undefined || (isRecordLimit && left <= 0)) return 0
    }
    return left
  }

  /** Records of the log that were not looked at yet become free ones, as far as there is room. */
  #takeNew(lastOffset: number, limits: ShareLimits, recordsMax: number): void {
    const firstOffset = this.#records.endOffset
    if (lastOffset < firstOffset || this.#records.count >= limits.recordLocksMax) return
    this.#records.append(Math.min(lastOffset, firstOffset + recordsMax - 1), deliveryStates.available)
  }

  #archiveFree(firstOffset: number, lastOffset: number): void {
    if (lastOffset >= this.#records.endOffset) this.#records.append(lastOffset, deliveryStates.available)
    for (const span of this.#records.slice(firstOffset, lastOffset)) {
      if (isFree(span)) span.state = deliveryStates.archived
    }
  }

  #findFault(memberId: string, { firstOffset, lastOffset }: AcknowledgementBatch): AcknowledgeOutcome | undefined {
    // Deleted while they were consumed: nobody has to be told.
    if (lastOffset < this.#logStartOffset) return undefined
    if (lastOffset < this.#records.startOffset)
      return invalidState('The request batch offsets are not found in the cache.')
    if (lastOffset >= this.#records.endOffset) {
      const message = `The ${firstOffset >= this.#records.endOffset ? 'first' : 'last'} offset in request is past acquired records.`
      return { errorCode: errorCodes.INVALID_REQUEST, message: `Batch record not found. ${message}` }
    }
    for (const span of this.#records.slice(firstOffset, lastOffset)) {
      const isAcquired = span.state === deliveryStates.acquired && span.pending === undefined
      if (!isAcquired) return invalidState('The records are not in the acquired state.')
      if (span.memberId !== memberId) return invalidState('The member is not the owner of the records.')
    }
    return undefined
  }

  #apply(
    { firstOffset, lastOffset, type }: Acknowledgement,
    change: number,
    limits: ShareLimits,
    nowMs: number,
    changed: StateBatch[],
  ): void {
    for (const span of this.#records.slice(firstOffset, lastOffset)) {
      if (type === acknowledgeTypes.renew) {
        span.lockedUntilMs = nowMs + limits.lockDurationMs
        continue
      }
      const state = stateAfter(type, span, limits)
      span.pending = { change, state }
      changed.push({ ...stateBatchOf(span), deliveryState: state })
    }
  }

  #giveBack(limits: ShareLimits, isMeant: (span: RecordSpan) => boolean): StateBatch[] {
    const changed: StateBatch[] = []
    for (const span of this.#records) {
      if (span.state !== deliveryStates.acquired || span.pending !== undefined || !isMeant(span)) continue
      this.#settle(span, stateAfter(acknowledgeTypes.release, span, limits))
      changed.push(stateBatchOf(span))
    }
    this.#records.tidy()
    return changed
  }

  #settle(span: RecordSpan, state: DeliveryState): void {
    Object.assign(span, { state, ...unlocked })
    if (state === deliveryStates.available) this.#freeFrom = Math.min(this.#freeFrom, span.firstOffset)
  }
}

function isFree({ state, pending }: RecordSpan): boolean {
  return state === deliveryStates.available && pending === undefined
}

function restoredState(state: number): DeliveryState {
  if (state === deliveryStates.acknowledged || state === deliveryStates.archived) return state
  return deliveryStates.available
}

function invalidState(message: string): AcknowledgeOutcome {
  return { errorCode: errorCodes.INVALID_RECORD_STATE, message }
}

import assert from 'node:assert/strict'
import { expect, it } from 'vitest'
import { acknowledgeTypes } from '../../../broker/share/acknowledgement.ts'
import { deliveryStates, isTerminal, type StateBatch } from '../../../broker/share/delivery-state.ts'
import { type ReadBatch, type ShareChange, SharePartition } from '../../../broker/share/share-partition.ts'
import { initializeShareState, type ShareState, writeShareState } from '../../../broker/share/share-state.ts'
import { seededRandom } from '../../support/seeded-random.ts'

/*
 * One share partition, members, a log and a share coordinator, beside a model that knows each record by itself. The walk
 * appends, acquires, acknowledges, lets locks end and members leave, loses writes, deletes from the log's start and lets
 * other leaders take over. Through all of it:
 *   - no two members have a record at a time, and nobody gets one that was acknowledged or given up, whoever leads
 *   - a record is delivered as often as its count says, and never more often than the limit
 *   - another leader finds for every record what was written last
 * In the end everything is done with, and the start is the log's end.
 */

const limits = { deliveryCountLimit: 4, recordLocksMax: 40, lockDurationMs: 100 }
const members = ['a', 'b', 'c']

interface ModelRecord {
  state: number
  count: number
  memberId: string
  lockedUntilMs: number
  isPending: boolean
  stored: { state: number; count: number }
}

interface Write {
  readonly batches: readonly StateBatch[]
  readonly change: ShareChange | undefined
}

class Walk {
  readonly #random: () => number
  readonly #log: ReadBatch[] = []
  readonly #model = new Map<number, ModelRecord>()
  #logStartOffset = 0
  #logEndOffset = 0
  #nowMs = 0
  #partition = new SharePartition({ startOffset: 0, batches: [] })
  #stored: ShareState = initializeShareState(undefined, { stateEpoch: 1, startOffset: 0 }, 0).state
  #writes: Write[] = []
  deliveries = 0
  failovers = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) this.#step()
    this.#drain()
  }

  #step(): void {
    const dice = this.#random()
    if (dice < 0.2) this.#append()
    else if (dice < 0.45) this.#acquire(this.#pick(members))
    else if (dice < 0.65) this.#acknowledge(this.#pick(members), undefined)
    else if (dice < 0.85) this.#finishWrite(this.#random() < 0.85)
    else if (dice < 0.92) this.#pass(this.#random() * 60)
    else if (dice < 0.95) this.#leave(this.#pick(members))
    else if (dice < 0.98) this.#failOver()
    else this.#deleteFromStart()
    this.#compare()
  }

  #append(): void {
    const gap = this.#random() < 0.1 ? this.#below(3) : 0
    const baseOffset = this.#logEndOffset + gap
    const isSkipped = this.#random() < 0.1
    const lastOffset = baseOffset + (isSkipped ? 0 : this.#below(10))
    this.#log.push({ baseOffset, lastOffset, isSkipped })
    this.#logEndOffset = lastOffset + 1
    if (isSkipped) return
    for (let offset = baseOffset; offset <= lastOffset; offset++) {
      this.#model.set(offset, { ...free(0), stored: { state: deliveryStates.available, count: 0 } })
    }
  }

  #acquire(memberId: string): number {
    const { fetchOffset } = this.#partition
    const from = Math.max(fetchOffset, this.#logStartOffset)
    const batches = this.#log.filter(({ lastOffset }) => lastOffset >= from).slice(0, 1 + this.#below(4))
    const isRecordLimit = this.#random() < 0.5
    const recordsMax = 1 + this.#below(12)
    const acquired = this.#partition.acquire({
      memberId,
      fetchOffset,
      batches,
      recordsMax,
      batchSize: 5,
      isRecordLimit,
      limits,
      nowMs: this.#nowMs,
    })
    let count = 0
    for (const { firstOffset, lastOffset, deliveryCount } of acquired) {
      for (let offset = firstOffset; offset <= lastOffset; offset++) {
        const record = this.#require(offset)
        expect(record, `record ${offset} is free`).toMatchObject({ state: deliveryStates.available, isPending: false })
        record.count += 1
        expect(deliveryCount).toBe(record.count)
        expect(deliveryCount).toBeLessThanOrEqual(limits.deliveryCountLimit)
        Object.assign(record, {
          state: deliveryStates.acquired,
          memberId,
          lockedUntilMs: this.#nowMs + limits.lockDurationMs,
        })
        count += 1
      }
    }
    if (isRecordLimit) expect(count).toBeLessThanOrEqual(recordsMax)
    this.deliveries += count
    return count
  }

  /** Some of what the member has, of a type for each record; or what it does not have, which must be refused. */
  #acknowledge(memberId: string, onlyType: number | undefined): void {
    const held = [...this.#model].filter(([, record]) => record.memberId === memberId && !record.isPending)
    if (held.length === 0) return
    const [firstOffset] = onlyType === undefined ? this.#pick(held) : (held[0] ?? [0])
    let lastOffset = firstOffset
    const isHeld = (offset: number) => {
      const record = this.#model.get(offset)
      return record?.memberId === memberId && !record.isPending
    }
    while (isHeld(lastOffset + 1) && (onlyType !== undefined || this.#random() < 0.8)) lastOffset += 1
    const isTooLong = onlyType === undefined && this.#random() < 0.1 && !isHeld(lastOffset + 1)
    if (isTooLong) lastOffset += 1
    const types = Array.from({ length: lastOffset - firstOffset + 1 }, () => onlyType ?? this.#below(5))
    const batch = { firstOffset, lastOffset, acknowledgeTypes: types }
    const outcome = this.#partition.acknowledge(memberId, [batch], limits, this.#nowMs)
    if (isTooLong) {
      expect(outcome.errorCode).not.toBe(0)
      return
    }
    if (outcome.errorCode !== 0) throw new Error(`Refused: ${outcome.message}`)
    for (const [i, type] of types.entries()) {
      const record = this.#require(firstOffset + i)
      if (type === acknowledgeTypes.renew) record.lockedUntilMs = this.#nowMs + limits.lockDurationMs
      else record.isPending = true
    }
    if (outcome.change !== undefined) this.#writes.push({ batches: outcome.change.batches, change: outcome.change })
  }

  #finishWrite(isWritten: boolean): void {
    const write = this.#writes.shift()
    if (write === undefined) return
    if (isWritten) this.#store(write)
    if (write.change === undefined) return
    this.#eachOf(write.batches, (record, state) => {
      record.isPending = false
      if (isWritten) Object.assign(record, { ...free(record.count), state })
    })
    this.#partition.written(write.change, isWritten)
    this.#expire()
  }

  #store({ batches }: Write): void {
    const { startOffset, deliveryCompleteCount } = this.#partition
    const write = { stateEpoch: 1, leaderEpoch: -1, startOffset, deliveryCompleteCount, batches }
    this.#stored = writeShareState(this.#stored, write, { updatesPerSnapshot: 3, nowMs: this.#nowMs }).state
    for (const { firstOffset, lastOffset, deliveryState: state, deliveryCount: count } of batches) {
      for (let offset = firstOffset; offset <= lastOffset; offset++) {
        const record = this.#model.get(offset)
        if (record !== undefined) record.stored = { state, count }
      }
    }
    // A start behind records says that they are done with, even where the write that said how was lost.
    for (const [offset, record] of this.#model) {
      if (offset < startOffset && !isTerminal(record.stored.state))
        record.stored = { ...record.stored, state: record.state }
    }
  }

  #pass(delayMs: number): void {
    this.#nowMs += delayMs
    this.#expire()
  }

  #expire(): void {
    this.#giveBack(
      this.#partition.expireLocks(this.#nowMs, limits),
      ({ lockedUntilMs }) => lockedUntilMs <= this.#nowMs,
    )
    expect(this.#partition.nextDeadlineMs).toBeGreaterThan(this.#nowMs)
  }

  #leave(memberId: string): void {
    this.#giveBack(this.#partition.release(memberId, limits), (record) => record.memberId === memberId)
  }

  #giveBack(batches: readonly StateBatch[], isMeant: (record: ModelRecord) => boolean): void {
    let expected = 0
    for (const record of this.#model.values()) {
      if (record.state !== deliveryStates.acquired || record.isPending || !isMeant(record)) continue
      expected += 1
      const isGivenUp = record.count >= limits.deliveryCountLimit
      Object.assign(record, {
        ...free(record.count),
        state: isGivenUp ? deliveryStates.archived : deliveryStates.available,
      })
    }
    const given = batches.reduce((sum, { firstOffset, lastOffset }) => sum + lastOffset - firstOffset + 1, 0)
    expect(given).toBe(expected)
    if (batches.length > 0) this.#writes.push({ batches, change: undefined })
  }

  /** The writes under way are lost, but for some that nobody heard the answer of. */
  #failOver(): void {
    this.failovers += 1
    while (this.#writes.length > 0 && this.#random() < 0.5) {
      const write = this.#writes.shift()
      if (write !== undefined) this.#store(write)
    }
    this.#writes = []
    const { startOffset, batches } = this.#stored
    this.#partition = new SharePartition({ startOffset, batches })
    this.#partition.moveStart(this.#logStartOffset)
    for (const record of this.#model.values()) {
      Object.assign(record, { ...free(record.stored.count), state: record.stored.state })
    }
  }

  #deleteFromStart(): void {
    const batch = this.#log[this.#below(this.#log.length)]
    if (batch === undefined) return
    this.#logStartOffset = Math.max(this.#logStartOffset, batch.baseOffset)
    for (const offset of [...this.#model.keys()]) if (offset < this.#logStartOffset) this.#model.delete(offset)
    this.#partition.moveStart(this.#logStartOffset)
  }

  /** What the share partition knows of each record is what the model knows. */
  #compare(): void {
    const { startOffset, endOffset } = this.#partition
    let next = startOffset
    for (const span of this.#partition.describe()) {
      assert.equal(span.firstOffset, next)
      next = span.lastOffset + 1
      for (let offset = span.firstOffset; offset <= span.lastOffset; offset++) {
        const record = this.#model.get(offset)
        if (record === undefined) continue
        const { state, memberId } = span
        assert.equal(state, record.state, `state of record ${offset}`)
        assert.equal(memberId, record.memberId, `owner of record ${offset}`)
        assert.equal(span.pending !== undefined, record.isPending, `whether record ${offset} is being written`)
        if (!isTerminal(state)) assert.equal(span.deliveryCount, record.count, `deliveries of record ${offset}`)
      }
    }
    assert.equal(next, endOffset)
    for (const [offset, record] of this.#model) {
      if (offset < startOffset) assert(isTerminal(record.state), `record ${offset} is done with`)
      if (offset >= endOffset) assert.equal(record.state, deliveryStates.available)
    }
  }

  #drain(): void {
    for (let turn = 0; turn < 10_000 && this.#partition.startOffset < this.#logEndOffset; turn++) {
      this.#acquire('a')
      for (const memberId of members) this.#acknowledge(memberId, acknowledgeTypes.accept)
      this.#finishWrite(true)
      this.#pass(10)
      this.#compare()
    }
    expect(this.#partition.startOffset).toBe(this.#logEndOffset)
  }

  #eachOf(batches: readonly StateBatch[], act: (record: ModelRecord, state: number) => void): void {
    for (const { firstOffset, lastOffset, deliveryState } of batches) {
      for (let offset = firstOffset; offset <= lastOffset; offset++) {
        const record = this.#model.get(offset)
        if (record !== undefined) act(record, deliveryState)
      }
    }
  }

  #require(offset: number): ModelRecord {
    const record = this.#model.get(offset)
    if (record === undefined) throw new Error(`There is no record ${offset} to deliver`)
    return record
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)]
    if (item === undefined) throw new Error('Nothing to pick from')
    return item
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count)
  }
}

function free(count: number) {
  return {
    state: deliveryStates.available as number,
    count,
    memberId: '',
    lockedUntilMs: Number.POSITIVE_INFINITY,
    isPending: false,
  }
}

it('gives each record to one member at a time and none again that is done with, through 60 seeded walks', () => {
  let deliveries = 0
  let failovers = 0
  for (let seed = 1; seed <= 60; seed++) {
    const walk = new Walk(seed)
    try {
      walk.run(300)
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error })
    }
    deliveries += walk.deliveries
    failovers += walk.failovers
  }
  expect(deliveries).toBeGreaterThan(8_000)
  expect(failovers).toBeGreaterThan(250)
})

import { expect, test } from 'vitest'
import { errorCodes, KafkaError } from '../../../broker/protocol/errors.ts'
import { buildBatch, type NewRecord } from '../../../broker/record/build-batch.ts'
import { batchesIn, RecordBatch } from '../../../broker/record/record-batch.ts'
import { deliveryStates } from '../../../broker/share/delivery-state.ts'
import { ShareStateShard } from '../../../broker/share/share-state-shard.ts'

const key = { groupId: 'g', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partition: 0 }
const other = { ...key, partition: 1 }
const { acknowledged, archived, available } = deliveryStates

/** One partition of `__share_group_state`, whose coordinators come and go. */
class StateLog {
  readonly batches: Buffer[] = []
  nowMs = 1_000
  refusal: KafkaError | undefined
  reloads = 0
  #endOffset = 0

  open(updatesPerSnapshot = 3): ShareStateShard {
    const shard = new ShareStateShard({
      partition: 0,
      append: async (records) => this.#append(records),
      reload: () => {
        this.reloads += 1
      },
      updatesPerSnapshot,
      clock: { nowMs: () => this.nowMs, monotonicMs: () => this.nowMs },
    })
    for (const bytes of this.batches) for (const batch of batchesIn(bytes)) shard.replay(batch)
    shard.activate()
    return shard
  }

  #append(records: readonly NewRecord[]): number {
    if (this.refusal !== undefined) throw this.refusal
    const baseOffset = this.#endOffset
    this.#endOffset += records.length
    this.batches.push(buildBatch({ records, timestampMs: this.nowMs, baseOffset }))
    return baseOffset
  }
}

function batch(firstOffset: number, lastOffset: number, deliveryState: number, deliveryCount = 1) {
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function write(startOffset: number, batches: ReturnType<typeof batch>[], epochs = { stateEpoch: 1, leaderEpoch: 1 }) {
  return { ...epochs, startOffset, deliveryCompleteCount: 0, batches }
}

async function codeOf(asked: Promise<unknown>): Promise<number> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof KafkaError ? error.code : errorCodes.NONE
}

test('the next coordinator knows what was written, over snapshots and updates', async () => {
  const log = new StateLog()
  const shard = log.open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 0 })
  for (let i = 0; i < 10; i++) {
    await shard.write(key, write(Math.max(0, i * 10 - 20), [batch(i * 10, i * 10 + 9, acknowledged)]))
  }
  await shard.write(key, write(70, [batch(85, 86, archived, 5), batch(92, 92, available, 2)]))
  const next = await log.open().read(key, 1)
  expect(next).toMatchObject({ stateEpoch: 1, startOffset: 70 })
  expect(next.batches).toEqual([
    batch(70, 84, acknowledged),
    batch(85, 86, archived, 5),
    batch(87, 91, acknowledged),
    batch(92, 92, available, 2),
    batch(93, 99, acknowledged),
  ])
})

test('a leader of an earlier term cannot write once a later one has read', async () => {
  const shard = new StateLog().open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 0 })
  await shard.read(key, 2)
  expect(await codeOf(shard.write(key, write(0, [])))).toBe(errorCodes.FENCED_LEADER_EPOCH)
  expect(await codeOf(shard.read(key, 1))).toBe(errorCodes.FENCED_LEADER_EPOCH)
  await shard.write(key, write(0, [], { stateEpoch: 1, leaderEpoch: 2 }))
})

test('whoever knew the start before an administrator set it cannot write', async () => {
  const log = new StateLog()
  const shard = log.open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 5 })
  await shard.initialize(key, { stateEpoch: 2, startOffset: 0 })
  const late = shard.write(key, write(5, []))
  expect(await codeOf(late)).toBe(errorCodes.FENCED_STATE_EPOCH)
  expect(await log.open().read(key, 1)).toMatchObject({ stateEpoch: 2, startOffset: 0, batches: [] })
})

test('what was never initialized can be neither read nor written', async () => {
  const shard = new StateLog().open()
  expect(await codeOf(shard.read(key, 1))).toBe(errorCodes.INVALID_REQUEST)
  expect(await codeOf(shard.write(key, write(0, [])))).toBe(errorCodes.INVALID_REQUEST)
  expect(await shard.summarize(key)).toBeUndefined()
})

test('what is removed is gone for the next coordinator too', async () => {
  const log = new StateLog()
  const shard = log.open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 0 })
  await shard.remove(key)
  expect(await log.open().summarize(key)).toBeUndefined()
})

test('the log is read again when it has not taken a change', async () => {
  const log = new StateLog()
  const shard = log.open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 0 })
  log.refusal = new KafkaError(errorCodes.NOT_ENOUGH_REPLICAS)
  expect(await codeOf(shard.write(key, write(0, [batch(0, 9, acknowledged)])))).toBe(
    errorCodes.COORDINATOR_NOT_AVAILABLE,
  )
  expect(log.reloads).toBe(1)
  expect((await log.open().read(key, 0)).batches).toEqual([])
})

test('a cold share partition does not keep the log from being pruned', async () => {
  const log = new StateLog()
  const shard = log.open()
  await shard.initialize(key, { stateEpoch: 1, startOffset: 0 })
  await shard.initialize(other, { stateEpoch: 1, startOffset: 7 })
  log.nowMs += 60_000
  for (let i = 0; i < 8; i++) await shard.write(key, write(i, []))
  expect(shard.redundantBefore).toBe(1)
  await shard.snapshotCold(30_000)
  const { redundantBefore } = shard
  expect(redundantBefore).toBeGreaterThan(5)
  const kept = log.batches.filter((bytes) => new RecordBatch(bytes).lastOffset >= redundantBefore)
  log.batches.splice(0, log.batches.length, ...kept)
  const next = log.open()
  expect(await next.summarize(other)).toMatchObject({ startOffset: 7 })
  expect(await next.summarize(key)).toMatchObject({ startOffset: 7 })
})

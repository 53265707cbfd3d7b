import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeriesAnswer, SeriesKind } from '../../../../lib/contract/series.ts'
import { type Sample, SeriesStore } from '../../../../lib/monitor/store/series-store.ts'
import { createTestDatabase, type TestDatabase } from '../../../support/test-database.ts'

const tickMs = 5_000
const hourMs = 3_600_000
const startMs = Date.UTC(2026, 10, 23, 5, 0, 0)

let database: TestDatabase
let nowMs: number
let failures: unknown[]
const log = { error: ({ error }: { error: unknown }) => failures.push(error) }

beforeEach(async () => {
  database = await createTestDatabase()
  nowMs = startMs
  failures = []
})
afterEach(async () => {
  await database.close()
  expect(failures).toEqual([])
})

async function open(): Promise<SeriesStore> {
  const store = new SeriesStore({ pool: database.pool, clock: { nowMs: () => nowMs }, tickMs, log })
  await store.recover()
  return store
}

async function append(store: SeriesStore, atMs: number, samples: readonly Sample[]): Promise<void> {
  nowMs = atMs
  await store.appendTick('main', atMs, samples)
}

function lagOf(group: string, lag: number | null): Sample {
  return { kind: 'group', subject: group, values: [lag, null, 1.5, 2] }
}

function read(
  store: SeriesStore,
  query: { fromMs: number; toMs: number; column?: string; maxPoints?: number; kind?: SeriesKind; subject?: string },
): Promise<SeriesAnswer> {
  return store.read('main', { kind: 'group', subject: 'billing', column: 'lag', maxPoints: 1_500, ...query })
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query(`select count(*)::integer as count from ${table}`)
  return rows[0].count
}

/** A minute of ticks from the start of an hour: lag 0, 1, 2, … with the seventh missing. */
async function appendMinute(store: SeriesStore, fromMs: number): Promise<void> {
  for (let tick = 0; tick < 12; tick += 1) {
    await append(store, fromMs + tick * tickMs, [lagOf('billing', tick === 6 ? null : tick), lagOf('mail', 5)])
  }
}
const minuteOfLag = [0, 1, 2, 3, 4, 5, null, 7, 8, 9, 10, 11]

describe('reading', () => {
  it('gives the present hour from memory, with its gaps', async () => {
    const store = await open()
    await appendMinute(store, startMs)
    const answer = await read(store, { fromMs: startMs, toMs: startMs + 60_000 })
    expect(answer).toMatchObject({ unit: 'records', fromMs: startMs, stepMs: tickMs, values: minuteOfLag })
    expect(await count('raw_chunk')).toBe(0)
  })

  it('keeps three decimals of rates, and tells no sample from zero', async () => {
    const store = await open()
    await append(store, startMs, [{ kind: 'topic', subject: 'orders', values: [12.3456, null, 0] }])
    const range = { kind: 'topic' as const, subject: 'orders', fromMs: startMs, toMs: startMs + tickMs }
    expect((await read(store, { ...range, column: 'recordsIn' })).values).toEqual([12.346])
    expect((await read(store, { ...range, column: 'sizeBytes' })).values).toEqual([null])
    expect((await read(store, { ...range, column: 'underReplicated' })).values).toEqual([0])
  })

  it('merges written hours with the present one and downsamples to the points asked for', async () => {
    const store = await open()
    await appendMinute(store, startMs)
    await appendMinute(store, startMs + hourMs + 60_000)
    await store.close()
    expect(await count('raw_chunk')).toBe(2)
    const answer = await read(store, { fromMs: startMs, toMs: startMs + hourMs + 120_000, maxPoints: 124 })
    expect(answer.stepMs).toBe(30_000)
    expect(answer.values.slice(0, 3)).toEqual([2.5, 9, null])
    expect(answer.minima.slice(0, 3)).toEqual([0, 7, null])
    expect(answer.maxima.slice(0, 3)).toEqual([5, 11, null])
    expect(answer.values.filter((value) => value !== null)).toHaveLength(4)
  })

  it('computes rates of counters, across the hour too, and none over a reset', async () => {
    const store = await open()
    const ends = [100, 150, 150, 10, 35]
    const fromMs = startMs + hourMs - 2 * tickMs
    for (const [tick, end] of ends.entries()) {
      await append(store, fromMs + tick * tickMs, [{ kind: 'partition', subject: 'orders/0', values: [end, 0, 3] }])
    }
    const range = { kind: 'partition' as const, subject: 'orders/0', fromMs, toMs: fromMs + 5 * tickMs }
    const answer = await read(store, { ...range, column: 'recordsIn' })
    expect(answer).toMatchObject({ unit: 'recordsPerSecond', values: [null, 10, 0, null, 5] })
    expect((await read(store, { ...range, column: 'end' })).values).toEqual(ends)
  })

  it('joins a topic with its namesake that was deleted before', async () => {
    const store = await open()
    const topic = (identity: string, size: number): Sample => ({
      kind: 'topic',
      subject: 'orders',
      identity,
      values: [0, size, 0],
    })
    await append(store, startMs, [topic('first', 10)])
    await append(store, startMs + tickMs, [topic('second', 1)])
    const range = { kind: 'topic' as const, subject: 'orders', fromMs: startMs, toMs: startMs + 2 * tickMs }
    expect((await read(store, { ...range, column: 'sizeBytes' })).values).toEqual([10, 1])
    expect(await count('series')).toBe(2)
  })

  it('answers gaps for a subject or a range that nobody sampled', async () => {
    const store = await open()
    await appendMinute(store, startMs)
    expect((await read(store, { subject: 'nobody', fromMs: startMs, toMs: nowMs })).values).not.toContain(0)
    expect((await read(store, { fromMs: startMs + 10 * hourMs, toMs: startMs + 11 * hourMs })).values).toEqual([])
    await expect(read(store, { column: 'unheard', fromMs: startMs, toMs: nowMs })).rejects.toThrow(RangeError)
  })
})

describe('writing', () => {
  it('takes the same tick twice, and one of a closed hour, without harm', async () => {
    const store = await open()
    await appendMinute(store, startMs)
    await appendMinute(store, startMs)
    expect((await read(store, { fromMs: startMs, toMs: startMs + 60_000 })).values).toEqual(minuteOfLag)
    await append(store, startMs + hourMs + 60_000, [lagOf('billing', 1)])
    await store.close()
    await store.appendTick('main', startMs + 30_000, [lagOf('billing', 99)])
    expect((await read(store, { fromMs: startMs, toMs: startMs + 60_000 })).values).toEqual(minuteOfLag)
  })

  it('gives more series than fit a block a block each', async () => {
    const store = await open()
    const groups = Array.from({ length: 300 }, (_, index) => `group-${index}`)
    await append(
      store,
      startMs,
      groups.map((group, index) => lagOf(group, index)),
    )
    expect(await count('hot_block')).toBe(6)
    const again = await open()
    for (const index of [0, 58, 59, 299]) {
      const range = { subject: `group-${index}`, fromMs: startMs, toMs: startMs + tickMs }
      expect((await read(again, range)).values).toEqual([index])
    }
    await append(again, startMs + tickMs, [lagOf('late', 1)])
    expect(await count('series_block')).toBe(6)
  })

  it('takes names of 64 KB', async () => {
    const store = await open()
    const subject = 'g'.repeat(65_535)
    await append(store, startMs, [lagOf(subject, 3)])
    expect((await read(store, { subject, fromMs: startMs, toMs: startMs + tickMs })).values).toEqual([3])
  })

  it('drops what is older than is kept, and forgets its names', async () => {
    const store = await open()
    await append(store, startMs, [lagOf('billing', 1)])
    const nineDaysOn = startMs + 9 * 24 * hourMs
    for (const offset of [0, hourMs, 2 * hourMs + 60_000]) await append(store, nineDaysOn + offset, [lagOf('mail', 1)])
    await store.close()
    const { rows } = await database.pool.query('select subject from series')
    expect(rows).toEqual([{ subject: 'mail' }])
    expect(await count('hot_block')).toBe(3)
    const { rows: partitions } = await database.pool.query(
      "select relname from pg_class where relname like 'raw_chunk_2%' and relkind = 'r' order by 1",
    )
    expect(partitions.map((row) => row.relname)).toEqual([
      // Ahead of the first tick, and the seven days before the last one reach there.
      'raw_chunk_20261125',
      'raw_chunk_20261202',
      'raw_chunk_20261203',
      'raw_chunk_20261204',
    ])
  })
})

describe('after a crash', () => {
  it('the open hour continues where it stopped', async () => {
    await appendMinute(await open(), startMs)
    const store = await open()
    await append(store, startMs + 60_000, [lagOf('billing', 12)])
    const answer = await read(store, { fromMs: startMs, toMs: startMs + 60_000 + tickMs })
    expect(answer.values).toEqual([...minuteOfLag, 12])
  })

  it('hours that were not closed are written from what is left of their ticks', async () => {
    await appendMinute(await open(), startMs)
    nowMs = startMs + 2 * hourMs
    const store = await open()
    expect(await count('raw_chunk')).toBe(2)
    expect((await read(store, { fromMs: startMs, toMs: startMs + 60_000 })).values).toEqual(minuteOfLag)
  })

  it('between two statements of closing an hour, the hour is written whole once more', async () => {
    const store = await open()
    await appendMinute(store, startMs)
    await append(store, startMs + hourMs + 60_000, [lagOf('billing', 1)])
    await store.close()
    const chunks = async () => (await database.pool.query('select * from raw_chunk order by series_id, hour')).rows
    const whole = await chunks()
    await database.pool.query('delete from closed_hour')
    await database.pool.query('delete from raw_chunk where series_id = (select min(series_id) from raw_chunk)')
    await open()
    expect(await chunks()).toEqual(whole)
  })
})

it('an hour that the database refuses is written when it is back', async () => {
  const store = await open()
  await appendMinute(store, startMs)
  await database.pool.query('alter table closed_hour rename to away')
  await append(store, startMs + hourMs + 60_000, [lagOf('billing', 1)])
  await store.close()
  expect(failures.splice(0)).toHaveLength(1)
  expect((await read(store, { fromMs: startMs, toMs: startMs + 60_000 })).values).toEqual(minuteOfLag)
  await database.pool.query('alter table away rename to closed_hour')
  await append(store, startMs + hourMs + 65_000, [lagOf('billing', 1)])
  await store.close()
  expect(await count('closed_hour')).toBe(1)
})

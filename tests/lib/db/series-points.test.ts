import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ChunkEncoder, storedValueMax } from '../../../lib/monitor/store/chunk-codec.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

const value = fc.oneof(
  fc.constant(7),
  fc.integer({ min: -100, max: 100 }),
  fc.constantFrom(storedValueMax, -storedValueMax),
)

it('SQL reads the same from a chunk as the console does', async () => {
  const column = fc.array(fc.option(value), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(column, column, async (first, second) => {
      const encoder = new ChunkEncoder(2)
      for (let slot = 0; slot < 40; slot += 1) encoder.add(slot, [first[slot] ?? null, second[slot] ?? null])
      const chunk = Buffer.from(encoder.encode())
      for (const [index, values] of [first, second].entries()) {
        const { rows } = await database.pool.query<{ slot: number; value: string }>(
          'select slot, value from series_chunk_values($1, $2) order by slot',
          [chunk, index],
        )
        const expected = values.flatMap((one, slot) => (one === null ? [] : [{ slot, value: String(one) }]))
        expect(rows).toEqual(expected)
      }
    }),
    { numRuns: 40 },
  )
})

it('SQL finds the written hours of a series by its name', async () => {
  const encoder = new ChunkEncoder(1)
  encoder.add(0, [5])
  encoder.add(2, [9])
  const { pool } = database
  await pool.query(
    `insert into series (cluster_id, kind, subject, identity, block_id, slot, name_hash, last_seen)
     values ('main', 'topic', 'orders', '', 1, 0, 'x', now())`,
  )
  await pool.query('create table raw_chunk_test partition of raw_chunk for values from (0) to (1000000)')
  await pool.query('insert into raw_chunk select id, 497885, 5000, 2, 1, $1 from series', [
    Buffer.from(encoder.encode()),
  ])
  const { rows } = await pool.query("select * from series_points('main', 'topic', 'orders', 0)")
  const hourMs = 497_885 * 3_600_000
  expect(rows).toEqual([
    { sampled_at: new Date(hourMs), value: '5' },
    { sampled_at: new Date(hourMs + 10_000), value: '9' },
  ])
})

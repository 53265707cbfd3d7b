import type pg from 'pg'
import { listPartitions } from '../../db/queries/list-partitions.ts'

const hourMs = 3_600_000
const hoursPerDay = 24
const periodsAhead = 2

export interface SeriesRetention {
  readonly hotHours: number
  readonly rawDays: number
}

/**
 * The partitions of `hot_block` (an hour each) and `raw_chunk` (a day each). There is no default partition: it would take
 * rows that belong elsewhere and then forbid the partition they belong to.
 */
export class SeriesPartitions {
  readonly #pool: pg.Pool
  readonly #retention: SeriesRetention
  #createdUpToHour = -1

  constructor(pool: pg.Pool, retention: SeriesRetention) {
    this.#pool = pool
    this.#retention = retention
  }

  /** Makes the partitions of the hour and of those to come. Costs nothing when they are known to be there. */
  async ensure(hour: number): Promise<void> {
    if (hour + periodsAhead === this.#createdUpToHour) return
    for (let ahead = 0; ahead <= periodsAhead; ahead += 1) {
      const from = hour + ahead
      await this.#create('hot_block', hourName(from), quoted(hourStart(from)), quoted(hourStart(from + 1)))
      const day = Math.floor(hour / hoursPerDay) + ahead
      await this.ensureChunks(day * hoursPerDay)
    }
    this.#createdUpToHour = hour + periodsAhead
  }

  /** Makes the partition for chunks of the hour, which may lie in the past. */
  async ensureChunks(hour: number): Promise<void> {
    const day = Math.floor(hour / hoursPerDay)
    await this.#create('raw_chunk', dayName(day), String(day * hoursPerDay), String((day + 1) * hoursPerDay))
  }

  /** Drops what is older than is kept: whole partitions, which leaves nothing to vacuum. */
  async dropOld(hour: number): Promise<void> {
    const oldestHot = hourName(hour - this.#retention.hotHours)
    const oldestRaw = dayName(Math.floor(hour / hoursPerDay) - this.#retention.rawDays)
    for (const name of await listPartitions(this.#pool, 'hot_block')) {
      if (name < oldestHot) await this.#pool.query(`drop table if exists ${name}`)
    }
    for (const name of await listPartitions(this.#pool, 'raw_chunk')) {
      if (name < oldestRaw) await this.#pool.query(`drop table if exists ${name}`)
    }
  }

  /** The names are ours and the bounds are numbers and instants: statements that define tables take no parameters. */
  async #create(table: 'hot_block' | 'raw_chunk', name: string, from: string, to: string): Promise<void> {
    await this.#pool.query(
      `create table if not exists ${name} partition of ${table} for values from (${from}) to (${to})`,
    )
  }
}

/** Names sort as time does. */
function hourName(hour: number): string {
  return `hot_block_${hourStart(hour).slice(0, 13).replace(/\D/g, '')}`
}

function dayName(day: number): string {
  return `raw_chunk_${hourStart(day * hoursPerDay)
    .slice(0, 10)
    .replace(/\D/g, '')}`
}

function hourStart(hour: number): string {
  return new Date(hour * hourMs).toISOString()
}

function quoted(text: string): string {
  return `'${text}'`
}

import type pg from 'pg'
import { type SeriesAnswer, type SeriesKind, type SeriesQuery, seriesKinds } from '../../contract/series.ts'
import { deleteClosedHours } from '../../db/queries/delete-closed-hours.ts'
import { findOldestHotTick } from '../../db/queries/find-oldest-hot-tick.ts'
import { insertClosedHour } from '../../db/queries/insert-closed-hour.ts'
import { insertHotBlocks } from '../../db/queries/insert-hot-blocks.ts'
import { listChunks, type StoredChunk } from '../../db/queries/list-chunks.ts'
import { listClosedHours } from '../../db/queries/list-closed-hours.ts'
import { listHotBlocks } from '../../db/queries/list-hot-blocks.ts'
import { upsertChunks } from '../../db/queries/upsert-chunks.ts'
import { chunkEncoding, decodeColumn } from './chunk-codec.ts'
import { chooseGrid, computeRates, downsample, type Point } from './downsample.ts'
import { decodeHotSlot, encodeHotBlock, type SlotValues } from './hot-block.ts'
import { HourBuffer, hourOf } from './hour-buffer.ts'
import { findSeriesSource, formatsOf } from './series-columns.ts'
import { type Series, SeriesDictionary } from './series-dictionary.ts'
import { SeriesPartitions, type SeriesRetention } from './series-partitions.ts'

/** What one subject measured at a tick. */
export interface Sample {
  readonly kind: SeriesKind
  readonly subject: string
  /** Tells a topic from its namesake that was deleted before (its topic id); left out where names are unique. */
  readonly identity?: string
  /** In the order of `seriesKinds`; `null` is no sample, which is not zero. */
  readonly values: readonly (number | null)[]
}

export interface SeriesStoreOptions {
  readonly pool: pg.Pool
  readonly clock: { nowMs(): number }
  readonly tickMs: number
  readonly retention?: SeriesRetention
  readonly log: { error(details: { error: unknown }, message: string): void }
}

const hourMs = 3_600_000
const defaultRetention: SeriesRetention = { hotHours: 3, rawDays: 7 }
/** Rounds that began in the hour and ended late still belong to it. */
const closeAfterMs = 60_000
const chunksPerStatement = 2_000
/** Recovery reads this much of `hot_block` at a time: 60 ticks of 60,000 series are about 70 MB. */
const ticksPerRead = 60
/** A counter's rate is told over at most this many ticks. */
const rateTicksMax = 3

/**
 * The history of all series. A tick is one insert into `hot_block`; the hour is kept encoded in memory and, when it is
 * over, written as one chunk a series. After a crash the open hours are rebuilt from `hot_block`. Everything may be
 * written twice with the same result. Reads merge chunks with the hours in memory.
 */
export class SeriesStore {
  readonly #pool: pg.Pool
  readonly #clock: { nowMs(): number }
  readonly #tickMs: number
  readonly #retention: SeriesRetention
  readonly #log: SeriesStoreOptions['log']
  readonly #dictionary: SeriesDictionary
  readonly #partitions: SeriesPartitions
  /** Hours that are not written as chunks yet, oldest first. */
  readonly #openHours = new Map<number, HourBuffer>()
  #lastClosedHour = -1
  #closing: Promise<void> | undefined

  constructor(options: SeriesStoreOptions) {
    this.#pool = options.pool
    this.#clock = options.clock
    this.#tickMs = options.tickMs
    this.#log = options.log
    this.#retention = options.retention ?? defaultRetention
    this.#dictionary = new SeriesDictionary(options.pool)
    this.#partitions = new SeriesPartitions(options.pool, this.#retention)
  }

  /** Call once before anything else: reads the dictionary and the hours that an earlier process left open. */
  async recover(): Promise<void> {
    const nowMs = this.#clock.nowMs()
    await this.#partitions.ensure(hourOf(nowMs))
    await this.#dictionary.load()
    const oldestMs = await findOldestHotTick(this.#pool)
    if (oldestMs === undefined) return
    const closed = await listClosedHours(this.#pool, hourOf(oldestMs))
    this.#lastClosedHour = Math.max(-1, ...closed)
    for (let hour = hourOf(oldestMs); hour <= hourOf(nowMs); hour += 1) {
      if (!closed.has(hour)) await this.#rebuild(hour)
    }
    await this.#closeHours(nowMs)
  }

  /**
   * Stores one tick of a cluster. Rejects when the database does not take it; the samples of series that it knows are kept
   * in memory even then and reach the hour's chunks. The same tick again changes nothing, nor does one of an hour that is
   * closed.
   */
  async appendTick(clusterId: string, tickAtMs: number, samples: readonly Sample[]): Promise<void> {
    const hour = hourOf(tickAtMs)
    if (hour <= this.#lastClosedHour) return
    const series = await this.#dictionary.resolve(clusterId, samples, tickAtMs)
    const buffer = this.#openHour(hour)
    const blocks = new Map<number, { kind: SeriesKind; slots: SlotValues[] }>()
    let index = 0
    for (const { id, kind, blockId, slot } of series) {
      const values = storedValues(kind, samples[index]?.values ?? [])
      index += 1
      buffer.add(id, tickAtMs, values)
      const block = blocks.get(blockId)
      if (block === undefined) blocks.set(blockId, { kind, slots: [{ slot, values }] })
      else block.slots.push({ slot, values })
    }
    await this.#partitions.ensure(hour)
    await insertHotBlocks(
      this.#pool,
      tickAtMs,
      Array.from(blocks, ([blockId, { kind, slots }]) => ({
        blockId,
        data: encodeHotBlock(seriesKinds[kind].length, slots),
      })),
    )
    await this.#dictionary.markSeen(series, tickAtMs)
    this.#closeInBackground(tickAtMs)
  }

  /** Gaps stay `null`. Throws a RangeError when the kind has no such column. */
  async read(clusterId: string, query: SeriesQuery): Promise<SeriesAnswer> {
    const source = findSeriesSource(query.kind, query.column)
    if (source === undefined) throw new RangeError(`${query.kind} has no column ${query.column}`)
    const range = this.#clamp(query)
    const series = this.#dictionary.find(clusterId, query.kind, query.subject)
    const chunks = await this.#chunksOf(series, range)
    const tickMs = Math.max(this.#tickMs, ...chunks.map((chunk) => chunk.stepMs))
    const grid = chooseGrid(range, tickMs, query.maxPoints)
    const points = pointsOf(chunks, source.columnIndex, source.scale)
    const wanted = source.isRate ? computeRates(points, rateTicksMax * tickMs) : points
    return {
      kind: query.kind,
      subject: query.subject,
      column: query.column,
      unit: source.unit,
      fromMs: grid.fromMs,
      stepMs: grid.stepMs,
      ...downsample(wanted, grid),
    }
  }

  /** Waits for what is being written. The open hour is in `hot_block` and continues after the next start. */
  async close(): Promise<void> {
    await this.#closing
  }

  /** From the oldest chunk that is kept to the end of the present tick. */
  #clamp(query: SeriesQuery): { fromMs: number; toMs: number } {
    const nowMs = this.#clock.nowMs()
    const oldestMs = nowMs - (this.#retention.rawDays + 1) * 24 * hourMs
    const toMs = Math.min(query.toMs, nowMs + this.#tickMs)
    return { fromMs: Math.min(Math.max(query.fromMs, oldestMs), toMs), toMs }
  }

  async #chunksOf(series: readonly Series[], range: { fromMs: number; toMs: number }): Promise<StoredChunk[]> {
    if (series.length === 0) return []
    // One tick earlier: a rate needs the sample before its own.
    const fromHour = hourOf(range.fromMs - this.#tickMs)
    const toHour = hourOf(range.toMs)
    const seriesIds = series.map((one) => one.id)
    // Memory first: an hour that is closed meanwhile is then in both, and never in neither.
    const inMemory = [...this.#openHours.values()].filter(({ hour }) => hour >= fromHour && hour <= toHour)
    const fromMemory = inMemory.flatMap((buffer) =>
      seriesIds.flatMap((id) => {
        const data = buffer.find(id)
        if (data === undefined) return []
        return [{ hour: buffer.hour, stepMs: buffer.stepMs, encoding: chunkEncoding, data: Buffer.from(data) }]
      }),
    )
    const hoursInMemory = new Set(inMemory.map(({ hour }) => hour))
    const stored = await listChunks(this.#pool, { seriesIds, fromHour, toHour })
    const chunks = [...stored.filter(({ hour }) => !hoursInMemory.has(hour)), ...fromMemory]
    return chunks.sort((left, right) => left.hour - right.hour)
  }

  #openHour(hour: number): HourBuffer {
    const open = this.#openHours.get(hour) ?? new HourBuffer(hour, this.#tickMs)
    this.#openHours.set(hour, open)
    return open
  }

  async #rebuild(hour: number): Promise<void> {
    const buffer = this.#openHour(hour)
    const readMs = ticksPerRead * this.#tickMs
    for (let fromMs = hour * hourMs; fromMs < (hour + 1) * hourMs; fromMs += readMs) {
      const toMs = Math.min(fromMs + readMs, (hour + 1) * hourMs)
      for (const block of await listHotBlocks(this.#pool, fromMs, toMs)) {
        for (const { id, kind, slot } of this.#dictionary.inBlock(block.blockId)) {
          const values = decodeHotSlot(block.data, seriesKinds[kind].length, slot)
          if (values !== undefined) buffer.add(id, block.tickAtMs, values)
        }
      }
    }
  }

  /** One at a time; what fails is tried again at the next tick. */
  #closeInBackground(nowMs: number): void {
    const [oldest] = this.#openHours.keys()
    if (this.#closing !== undefined || oldest === undefined || !isOver(oldest, nowMs)) return
    this.#closing = this.#closeHours(nowMs)
      .catch((error: unknown) => this.#log.error({ error }, 'an hour of series could not be written, trying again'))
      .finally(() => {
        this.#closing = undefined
      })
  }

  async #closeHours(nowMs: number): Promise<void> {
    for (const buffer of [...this.#openHours.values()]) {
      if (!isOver(buffer.hour, nowMs)) continue
      await this.#partitions.ensureChunks(buffer.hour)
      for (const chunks of buffer.chunks(chunksPerStatement)) {
        await upsertChunks(this.#pool, { hour: buffer.hour, stepMs: buffer.stepMs, encoding: chunkEncoding }, chunks)
      }
      await insertClosedHour(this.#pool, buffer.hour)
      this.#lastClosedHour = Math.max(this.#lastClosedHour, buffer.hour)
      this.#openHours.delete(buffer.hour)
    }
    await this.#dropOld(nowMs)
  }

  async #dropOld(nowMs: number): Promise<void> {
    const hour = hourOf(nowMs)
    await this.#partitions.dropOld(hour)
    await deleteClosedHours(this.#pool, hour - this.#retention.hotHours - 1)
    await this.#dictionary.prune(nowMs - (this.#retention.rawDays + 1) * 24 * hourMs)
  }
}

function isOver(hour: number, nowMs: number): boolean {
  return nowMs >= (hour + 1) * hourMs + closeAfterMs
}

/** Columns are stored as whole numbers; what is not a number is no sample. */
function storedValues(kind: SeriesKind, values: readonly (number | null)[]): (number | null)[] {
  const stored: (number | null)[] = []
  for (const { scale } of formatsOf(kind)) {
    const value = values[stored.length] ?? null
    stored.push(value === null || !Number.isFinite(value) ? null : Math.round(value * scale))
  }
  return stored
}

function* pointsOf(chunks: readonly StoredChunk[], columnIndex: number, scale: number): Generator<Point> {
  for (const chunk of chunks) {
    for (const [slot, stored] of decodeColumn(chunk.data, columnIndex, chunk.encoding).entries()) {
      if (stored !== null) yield { atMs: chunk.hour * hourMs + slot * chunk.stepMs, value: stored / scale }
    }
  }
}

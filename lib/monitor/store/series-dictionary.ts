import { createHash } from 'node:crypto'
import type pg from 'pg'
import { type SeriesKind, seriesKinds } from '../../contract/series.ts'
import { deleteUnseenSeries } from '../../db/queries/delete-unseen-series.ts'
import { insertSeries, type StoredSeries } from '../../db/queries/insert-series.ts'
import { insertSeriesBlock } from '../../db/queries/insert-series-block.ts'
import { listSeries } from '../../db/queries/list-series.ts'
import { updateSeriesSeen } from '../../db/queries/update-series-seen.ts'
import { slotsPerBlock } from './hot-block.ts'

/** Where a series has its place. */
export interface Series {
  readonly id: number
  readonly kind: SeriesKind
  readonly blockId: number
  readonly slot: number
}

export interface SeriesName {
  readonly kind: SeriesKind
  readonly subject: string
  /** Tells a topic from its namesake that was deleted before. */
  readonly identity?: string
}

const dayMs = 86_400_000

/** Names to places, in memory; new names get a row and a slot. One writer: a database belongs to one console. */
export class SeriesDictionary {
  readonly #pool: pg.Pool
  /** By cluster and kind, then by name: each tick looks up every name. */
  readonly #series = new Map<string, Map<string, Series>>()
  /** All series of a subject, whatever their identity, for reading. */
  readonly #bySubject = new Map<string, Series[]>()
  readonly #blocks = new Map<number, { owner: string; series: Series[] }>()
  readonly #freeSlots = new Map<string, { blockId: number; slot: number }[]>()
  #seenDay = 0
  #seenToday = new Set<number>()

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** Call once, before anything else. */
  async load(): Promise<void> {
    for (const row of await listSeries(this.#pool)) {
      if (isKind(row.kind)) this.#remember(row, row.kind)
    }
    this.#findFreeSlots()
  }

  find(clusterId: string, kind: SeriesKind, subject: string): readonly Series[] {
    return this.#bySubject.get(subjectKey(clusterId, kind, subject)) ?? []
  }

  inBlock(blockId: number): readonly Series[] {
    return this.#blocks.get(blockId)?.series ?? []
  }

  /** The series of these names, in their order; those that are new are added. */
  async resolve(clusterId: string, names: readonly SeriesName[], atMs: number): Promise<Series[]> {
    const found = this.#findAll(clusterId, names)
    const missing = names.filter((_, index) => found[index] === undefined)
    if (missing.length === 0) return found.filter((series) => series !== undefined)
    for (const kind of new Set(missing.map((name) => name.kind))) {
      const ofKind = missing.filter((name) => name.kind === kind)
      const once = new Map(ofKind.map((name) => [nameKey(name), name]))
      await this.#add(clusterId, kind, [...once.values()], atMs)
    }
    return this.#findAll(clusterId, names).map((series, index) => {
      if (series === undefined) throw new Error(`no series for ${names[index]?.kind} ${names[index]?.subject}`)
      return series
    })
  }

  /** Notes that these got samples, in the database once a day. */
  async markSeen(series: readonly Series[], atMs: number): Promise<void> {
    const day = Math.floor(atMs / dayMs)
    if (day !== this.#seenDay) {
      this.#seenDay = day
      this.#seenToday = new Set()
    }
    const unseen = series.filter((one) => !this.#seenToday.has(one.id)).map((one) => one.id)
    if (unseen.length === 0) return
    await updateSeriesSeen(this.#pool, unseen, new Date(day * dayMs))
    for (const id of unseen) this.#seenToday.add(id)
  }

  /** Forgets what had no sample for so long that no chunk of it is left; its slots are used again. */
  async prune(beforeMs: number): Promise<void> {
    const gone = new Set(await deleteUnseenSeries(this.#pool, new Date(beforeMs)))
    if (gone.size === 0) return
    const isKept = ({ id }: Series) => !gone.has(id)
    for (const owned of this.#series.values()) {
      for (const [name, series] of owned) if (gone.has(series.id)) owned.delete(name)
    }
    for (const [key, series] of this.#bySubject) this.#bySubject.set(key, series.filter(isKept))
    for (const { owner, series } of this.#blocks.values()) {
      for (const { blockId, slot } of series.filter((one) => gone.has(one.id))) {
        this.#freeSlots.get(owner)?.push({ blockId, slot })
      }
    }
    for (const block of this.#blocks.values()) block.series = block.series.filter(isKept)
  }

  async #add(clusterId: string, kind: SeriesKind, names: readonly SeriesName[], atMs: number): Promise<void> {
    const places = await this.#takeSlots(clusterId, kind, names.length)
    const lastSeen = new Date(Math.floor(atMs / dayMs) * dayMs)
    const rows = await insertSeries(
      this.#pool,
      { clusterId, kind, lastSeen },
      names.flatMap((name, index) => {
        const place = places[index]
        if (place === undefined) return []
        const { subject, identity = '' } = name
        const nameHash = createHash('sha256')
          .update(`${ownerKey(clusterId, kind)}\n${nameKey(name)}`)
          .digest()
        return { subject, identity, nameHash, ...place }
      }),
    )
    for (const row of rows) this.#remember(row, kind)
  }

  #findAll(clusterId: string, names: readonly SeriesName[]): (Series | undefined)[] {
    const owners = new Map<SeriesKind, Map<string, Series> | undefined>()
    return names.map((name) => {
      let owned = owners.get(name.kind)
      if (owned === undefined) {
        owned = this.#series.get(ownerKey(clusterId, name.kind))
        owners.set(name.kind, owned)
      }
      return owned?.get(nameKey(name))
    })
  }

  async #takeSlots(clusterId: string, kind: SeriesKind, wanted: number): Promise<{ blockId: number; slot: number }[]> {
    const key = ownerKey(clusterId, kind)
    const free = this.#freeSlots.get(key) ?? []
    while (free.length < wanted) {
      const blockId = await insertSeriesBlock(this.#pool, clusterId, kind)
      for (let slot = 0; slot < slotsPerBlock(seriesKinds[kind].length); slot += 1) free.push({ blockId, slot })
    }
    this.#freeSlots.set(key, free)
    return free.splice(0, wanted)
  }

  #remember(row: StoredSeries, kind: SeriesKind): void {
    const series = { id: row.id, kind, blockId: row.blockId, slot: row.slot }
    const owner = ownerKey(row.clusterId, kind)
    const owned = this.#series.get(owner) ?? new Map<string, Series>()
    this.#series.set(owner, owned.set(nameKey(row), series))
    const subject = subjectKey(row.clusterId, kind, row.subject)
    this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), series])
    const block = this.#blocks.get(row.blockId)
    if (block === undefined) this.#blocks.set(row.blockId, { owner, series: [series] })
    else block.series.push(series)
  }

  #findFreeSlots(): void {
    for (const [blockId, { owner, series }] of this.#blocks) {
      const kind = series[0]?.kind
      if (kind === undefined) continue
      const used = new Set(series.map((one) => one.slot))
      const free = this.#freeSlots.get(owner) ?? []
      for (let slot = 0; slot < slotsPerBlock(seriesKinds[kind].length); slot += 1) {
        if (!used.has(slot)) free.push({ blockId, slot })
      }
      this.#freeSlots.set(owner, free)
    }
  }
}

function isKind(kind: string): kind is SeriesKind {
  return kind in seriesKinds
}

/** Keys are names with lines between them: subjects are percent-encoded and identities are Kafka's ids. */
function ownerKey(clusterId: string, kind: SeriesKind): string {
  return `${clusterId}\n${kind}`
}

function subjectKey(clusterId: string, kind: SeriesKind, subject: string): string {
  return `${ownerKey(clusterId, kind)}\n${subject}`
}

function nameKey({ subject, identity = '' }: Pick<SeriesName, 'subject' | 'identity'>): string {
  return identity === '' ? subject : `${subject}\n${identity}`
}

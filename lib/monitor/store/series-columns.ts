import type { SeriesAnswer, SeriesKind } from '../../contract/series.ts'
import { seriesKinds } from '../../contract/series.ts'

export interface SeriesColumnFormat {
  readonly unit: SeriesAnswer['unit']
  /** What is stored is an integer: the value times this. Rates keep three decimals. */
  readonly scale: number
}

const records: SeriesColumnFormat = { unit: 'records', scale: 1 }
const recordsPerSecond: SeriesColumnFormat = { unit: 'recordsPerSecond', scale: 1_000 }
const bytes: SeriesColumnFormat = { unit: 'bytes', scale: 1 }
const bytesPerSecond: SeriesColumnFormat = { unit: 'bytesPerSecond', scale: 1_000 }
const milliseconds: SeriesColumnFormat = { unit: 'milliseconds', scale: 1 }
const count: SeriesColumnFormat = { unit: 'count', scale: 1 }

type ColumnsOf<K extends SeriesKind> = Record<(typeof seriesKinds)[K][number], SeriesColumnFormat>

const columnFormats: { readonly [K in SeriesKind]: ColumnsOf<K> } = {
  groupPartition: { committed: records, lag: records, lagMs: milliseconds },
  partition: { end: records, logStart: records, inSync: count },
  group: { lag: records, lagMs: milliseconds, consumed: recordsPerSecond, members: count },
  topic: { recordsIn: recordsPerSecond, sizeBytes: bytes, underReplicated: count },
  broker: { leaders: count, replicas: count, sizeBytes: bytes, recordsIn: recordsPerSecond },
  cluster: {
    recordsIn: recordsPerSecond,
    bytesIn: bytesPerSecond,
    lag: records,
    underReplicated: count,
    offline: count,
    brokersOnline: count,
  },
  process: { roundMs: milliseconds, requests: count, rssBytes: bytes, cpuMs: milliseconds },
}

/** Rates that are computed from a stored counter when they are read. */
const rates: { readonly [K in SeriesKind]?: Readonly<Record<string, string>> } = {
  groupPartition: { consumed: 'committed' },
  partition: { recordsIn: 'end' },
}

export interface SeriesSource {
  readonly unit: SeriesAnswer['unit']
  readonly columnIndex: number
  readonly scale: number
  /** The stored column is a counter and its rate per second is asked for. */
  readonly isRate: boolean
}

/** Where the values of a column come from; `undefined` when the kind has no such column. */
export function findSeriesSource(kind: SeriesKind, column: string): SeriesSource | undefined {
  const counter = rates[kind]?.[column]
  const stored = counter ?? column
  const columnIndex = (seriesKinds[kind] as readonly string[]).indexOf(stored)
  const format = formatsOf(kind)[columnIndex]
  if (format === undefined) return undefined
  return {
    unit: counter === undefined ? format.unit : 'recordsPerSecond',
    columnIndex,
    scale: format.scale,
    isRate: counter !== undefined,
  }
}

/** In the order in which the kind declares its columns. */
export function formatsOf(kind: SeriesKind): readonly SeriesColumnFormat[] {
  return orderedFormats[kind]
}

const orderedFormats: Readonly<Record<SeriesKind, readonly SeriesColumnFormat[]>> = {
  groupPartition: inOrder('groupPartition'),
  partition: inOrder('partition'),
  group: inOrder('group'),
  topic: inOrder('topic'),
  broker: inOrder('broker'),
  cluster: inOrder('cluster'),
  process: inOrder('process'),
}

function inOrder(kind: SeriesKind): SeriesColumnFormat[] {
  const formats: Readonly<Record<string, SeriesColumnFormat>> = columnFormats[kind]
  return seriesKinds[kind].flatMap((column) => formats[column] ?? [])
}

import { VarintReader, VarintWriter } from './varint.ts'

/** Stored beside each chunk as `enc`; a change of the bytes below is a new number, and old ones stay readable. */
export const chunkEncoding = 1

/** Larger magnitudes are stored as this, so that a difference of two values fits 53 bits. */
export const storedValueMax = 2 ** 51

/** Bytes of one column: presence first, then the values that are there as differences. */
const presence = { none: 0, range: 1, bitmap: 2 } as const

/**
 * One column of one series over one hour, encoded as samples arrive. Slots count ticks from the start of the hour; they
 * are added in rising order, and those that were left out have no value, which is not zero.
 *
 * Values are differences to the one before, as signed varints; a run of equal values is a 0 and the length of the run.
 */
export class ColumnEncoder {
  readonly #differences = new VarintWriter()
  #previous = 0
  #equalValues = 0
  #firstSlot = -1
  #lastSlot = -1
  #samples = 0
  /** Only once there is a hole: most columns have none. */
  #bitmap: Uint8Array | undefined

  /** `value` is a whole number. */
  add(slot: number, value: number): void {
    if (slot <= this.#lastSlot) throw new RangeError(`slot ${slot} is not after ${this.#lastSlot}`)
    this.#markPresent(slot)
    const stored = Math.max(-storedValueMax, Math.min(storedValueMax, value))
    if (stored === this.#previous) {
      this.#equalValues += 1
    } else {
      this.#writeRun()
      this.#differences.writeSigned(stored - this.#previous)
      this.#previous = stored
    }
  }

  /** Appends the column as it is now, with its length before it. */
  writeTo(chunk: VarintWriter): void {
    const column = new VarintWriter()
    if (this.#samples === 0) {
      column.writeUnsigned(presence.none)
    } else if (this.#bitmap === undefined) {
      column.writeUnsigned(presence.range)
      column.writeUnsigned(this.#firstSlot)
      column.writeUnsigned(this.#samples)
    } else {
      const bitmap = this.#bitmap.subarray(0, (this.#lastSlot >> 3) + 1)
      column.writeUnsigned(presence.bitmap)
      column.writeUnsigned(bitmap.length)
      column.writeBytes(bitmap)
    }
    column.writeBytes(this.#differences.written())
    if (this.#equalValues > 0) {
      column.writeUnsigned(0)
      column.writeUnsigned(this.#equalValues)
    }
    chunk.writeUnsigned(column.length)
    chunk.writeBytes(column.written())
  }

  #markPresent(slot: number): void {
    if (this.#samples === 0) this.#firstSlot = slot
    else if (slot !== this.#lastSlot + 1) this.#bitmap ??= this.#bitmapSoFar()
    if (this.#bitmap !== undefined) this.#bitmap = withBit(this.#bitmap, slot)
    this.#lastSlot = slot
    this.#samples += 1
  }

  #bitmapSoFar(): Uint8Array {
    let bitmap: Uint8Array = new Uint8Array((this.#lastSlot >> 3) + 1)
    for (let slot = this.#firstSlot; slot <= this.#lastSlot; slot += 1) bitmap = withBit(bitmap, slot)
    return bitmap
  }

  #writeRun(): void {
    if (this.#equalValues === 0) return
    this.#differences.writeUnsigned(0)
    this.#differences.writeUnsigned(this.#equalValues)
    this.#equalValues = 0
  }
}

/** One series over one hour: its columns side by side. */
export class ChunkEncoder {
  readonly #columns: readonly ColumnEncoder[]
  #lastSlot = -1
  #samples = 0

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => new ColumnEncoder())
  }

  /** Ticks that were added. */
  get samples(): number {
    return this.#samples
  }

  /** Adds one tick; slots that are not after the last one are ignored: they were stored before. */
  add(slot: number, values: readonly (number | null)[]): void {
    if (slot <= this.#lastSlot) return
    let index = 0
    for (const column of this.#columns) {
      const value = values[index] ?? null
      index += 1
      if (value === null) continue
      column.add(slot, value)
      this.#lastSlot = slot
    }
    if (this.#lastSlot === slot) this.#samples += 1
  }

  encode(): Uint8Array {
    const chunk = new VarintWriter()
    for (const column of this.#columns) column.writeTo(chunk)
    return chunk.written().slice()
  }
}

/** The values of one column by slot; slots without a value are `null`. Throws a RangeError on damaged bytes. */
export function decodeColumn(chunk: Uint8Array, columnIndex: number, encoding: number): (number | null)[] {
  if (encoding !== chunkEncoding) throw new RangeError(`chunk encoding ${encoding} was made by a newer version`)
  const columns = new VarintReader(chunk)
  for (let skipped = 0; skipped < columnIndex; skipped += 1) columns.readBytes(columns.readUnsigned())
  const column = new VarintReader(columns.readBytes(columns.readUnsigned()))
  const slots = readPresence(column)

  const values: (number | null)[] = []
  let value = 0
  let equalValues = 0
  for (const isPresent of slots) {
    if (!isPresent) {
      values.push(null)
      continue
    }
    if (equalValues > 0) {
      equalValues -= 1
    } else {
      const difference = column.readSigned()
      if (difference === 0) equalValues = column.readUnsigned() - 1
      value += difference
    }
    values.push(value)
  }
  return values
}

function readPresence(column: VarintReader): boolean[] {
  const form = column.readUnsigned()
  if (form === presence.none) return []
  if (form === presence.range) {
    const first = column.readUnsigned()
    const samples = column.readUnsigned()
    return [...new Array<boolean>(first).fill(false), ...new Array<boolean>(samples).fill(true)]
  }
  if (form !== presence.bitmap) throw new RangeError(`presence form ${form} is not known`)
  const bitmap = column.readBytes(column.readUnsigned())
  const slots: boolean[] = []
  for (const byte of bitmap) for (let bit = 0; bit < 8; bit += 1) slots.push((byte & (1 << bit)) !== 0)
  while (slots.at(-1) === false) slots.pop()
  return slots
}

function withBit(bitmap: Uint8Array, slot: number): Uint8Array {
  const index = slot >> 3
  let grown = bitmap
  if (index >= bitmap.length) {
    grown = new Uint8Array(Math.max(index + 1, bitmap.length * 2))
    grown.set(bitmap)
  }
  grown[index] = (grown[index] ?? 0) | (1 << (slot & 7))
  return grown
}

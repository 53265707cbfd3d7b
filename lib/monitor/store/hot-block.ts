const bytesPerValue = 8
/** Below 2 KB a row stays in its page; above, Postgres would try to compress each and move it out of line. */
const blockBytesMax = 1_900

/** How many series of a kind with this many columns share a block. */
export function slotsPerBlock(columns: number): number {
  return Math.floor(blockBytesMax / (columns * bytesPerValue))
}

export interface SlotValues {
  readonly slot: number
  readonly values: readonly (number | null)[]
}

const noSample = Buffer.alloc(bytesPerValue)
noSample.writeDoubleBE(Number.NaN)

/** One tick of one block: slot after slot, column after column, float8 big-endian; NaN where there is no sample. */
export function encodeHotBlock(columns: number, slots: readonly SlotValues[]): Buffer {
  const used = Math.max(...slots.map(({ slot }) => slot)) + 1
  const data = Buffer.alloc(used * columns * bytesPerValue, noSample)
  for (const { slot, values } of slots) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[column] ?? null
      if (value !== null) data.writeDoubleBE(value, (slot * columns + column) * bytesPerValue)
    }
  }
  return data
}

/** The values of one slot, `undefined` when the tick has no sample of that series. */
export function decodeHotSlot(data: Buffer, columns: number, slot: number): (number | null)[] | undefined {
  const start = slot * columns * bytesPerValue
  if (start + columns * bytesPerValue > data.length) return undefined
  const values: (number | null)[] = []
  let hasSample = false
  for (let column = 0; column < columns; column += 1) {
    const value = data.readDoubleBE(start + column * bytesPerValue)
    const isSample = !Number.isNaN(value)
    hasSample ||= isSample
    values.push(isSample ? value : null)
  }
  return hasSample ? values : undefined
}

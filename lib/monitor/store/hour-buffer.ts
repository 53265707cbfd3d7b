import type { ChunkRow } from '../../db/queries/upsert-chunks.ts'
import { ChunkEncoder } from './chunk-codec.ts'

const hourMs = 3_600_000

export function hourOf(instantMs: number): number {
  return Math.floor(instantMs / hourMs)
}

/** The samples of all series in one hour, encoded as they come: about 4 bytes each, where numbers would take 24. */
export class HourBuffer {
  readonly hour: number
  readonly stepMs: number
  readonly #encoders = new Map<number, ChunkEncoder>()

  constructor(hour: number, stepMs: number) {
    this.hour = hour
    this.stepMs = stepMs
  }

  add(seriesId: number, tickAtMs: number, values: readonly (number | null)[]): void {
    let encoder = this.#encoders.get(seriesId)
    if (encoder === undefined) {
      encoder = new ChunkEncoder(values.length)
      this.#encoders.set(seriesId, encoder)
    }
    encoder.add(Math.floor((tickAtMs - this.hour * hourMs) / this.stepMs), values)
  }

  find(seriesId: number): Uint8Array | undefined {
    return this.#encoders.get(seriesId)?.encode()
  }

  /** All chunks, in slices of at most `count`. */
  *chunks(count: number): Generator<ChunkRow[]> {
    let slice: ChunkRow[] = []
    for (const [seriesId, encoder] of this.#encoders) {
      slice.push({ seriesId, samples: encoder.samples, data: encoder.encode() })
      if (slice.length < count) continue
      yield slice
      slice = []
    }
    if (slice.length > 0) yield slice
  }
}

/** One stored value of a series and when it was sampled. */
export interface Point {
  readonly atMs: number
  readonly value: number
}

export interface Grid {
  /** A multiple of `stepMs`. */
  readonly fromMs: number
  readonly stepMs: number
  readonly steps: number
}

/** The finest grid over [fromMs, toMs) of whole ticks that has at most `maxPoints` steps. */
export function chooseGrid(range: { fromMs: number; toMs: number }, tickMs: number, maxPoints: number): Grid {
  const lengthMs = Math.max(0, range.toMs - range.fromMs)
  for (let ticks = Math.max(1, Math.ceil(lengthMs / (tickMs * maxPoints))); ; ticks += 1) {
    const stepMs = ticks * tickMs
    const fromMs = Math.floor(range.fromMs / stepMs) * stepMs
    const steps = Math.ceil((range.toMs - fromMs) / stepMs)
    if (steps <= maxPoints) return { fromMs, stepMs, steps: Math.max(0, steps) }
  }
}

export interface Steps {
  readonly values: (number | null)[]
  readonly minima: (number | null)[]
  readonly maxima: (number | null)[]
}

/** Mean, minimum and maximum of each step; a step without a point stays `null`. */
export function downsample(points: Iterable<Point>, grid: Grid): Steps {
  const minima = new Array<number | null>(grid.steps).fill(null)
  const maxima = new Array<number | null>(grid.steps).fill(null)
  const sums = new Float64Array(grid.steps)
  const counts = new Uint32Array(grid.steps)
  for (const { atMs, value } of points) {
    const step = Math.floor((atMs - grid.fromMs) / grid.stepMs)
    if (step < 0 || step >= grid.steps) continue
    sums[step] = (sums[step] ?? 0) + value
    counts[step] = (counts[step] ?? 0) + 1
    minima[step] = Math.min(minima[step] ?? value, value)
    maxima[step] = Math.max(maxima[step] ?? value, value)
  }
  const values = Array.from(counts, (count, step) => (count === 0 ? null : (sums[step] ?? 0) / count))
  return { values, minima, maxima }
}

/**
 * What a counter gained per second between its samples. There is no rate where it fell (it was reset) or where samples
 * are more than `gapMsMax` apart.
 */
export function* computeRates(points: Iterable<Point>, gapMsMax: number): Generator<Point> {
  let previous: Point | undefined
  for (const point of points) {
    if (previous !== undefined && point.value >= previous.value && point.atMs > previous.atMs) {
      const elapsedMs = point.atMs - previous.atMs
      if (elapsedMs <= gapMsMax) yield { atMs: point.atMs, value: ((point.value - previous.value) * 1_000) / elapsedMs }
    }
    previous = point
  }
}

export interface Figure {
  readonly what: string
  readonly unit: string
  readonly ours: number
  /** The same of Apache Kafka, measured in the same run. */
  readonly peer?: number | undefined
}

/** Prints figures with their ratio to the peer's, which is what holds from one machine to another. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = figures.map(({ what, unit, ours, peer }) => [
    what,
    `${readable(ours)} ${unit}`,
    peer === undefined ? '' : `${readable(peer)} ${unit}`,
    peer === undefined ? '' : ratioOf({ ours, peer }).toFixed(2),
  ])
  const lines = [['', 'Eyrie', 'Apache Kafka', 'ratio'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  process.stdout.write(`\n${title}\n${text.join('\n')}\n\n`)
}

/** NaN without a peer, which misses every bar. */
export function ratioOf({ ours, peer }: Pick<Figure, 'ours' | 'peer'>): number {
  return peer === undefined ? Number.NaN : ours / peer
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('No values')
  return middle
}

function readable(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

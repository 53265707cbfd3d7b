export interface Figure {
  readonly what: string
  readonly unit: string
  readonly ours: number
  /** The same of Apache Kafka, measured in the same run. */
  readonly peer?: number | undefined
  /** Of each round in which the two took turns: what disturbs one round does not disturb the others. */
  readonly ratios?: readonly number[] | undefined
}

/** Prints figures with their ratio to the peer's, which is what holds from one machine to another, and how it varied. */
export function printFigures(title: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => {
    const { what, unit, ours, peer, ratios = [] } = figure
    return [
      what,
      `${readable(ours)} ${unit}`,
      peer === undefined ? '' : `${readable(peer)} ${unit}`,
      peer === undefined ? '' : ratioOf(figure).toFixed(2),
      ratios.length < 2 ? '' : `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
    ]
  })
  const lines = [['', 'Eyrie', 'Apache Kafka', 'ratio', 'in rounds'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  process.stdout.write(`\n${title}\n${text.join('\n')}\n\n`)
}

/** The median of the rounds. NaN without a peer, which misses every bar. */
export function ratioOf({ ours, peer, ratios }: Pick<Figure, 'ours' | 'peer' | 'ratios'>): number {
  if (ratios !== undefined && ratios.length > 0) return median(ratios)
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

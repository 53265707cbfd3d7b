/** What can be measured by itself, in the order in which it is. */
export const parts = ['memory', 'produce', 'latency', 'consume', 'partitions', 'failover'] as const

export type Part = (typeof parts)[number]

export interface BenchOptions {
  /** How often each system is measured; medians are compared. */
  readonly rounds: number
  /** What share of the usual number of records is sent. */
  readonly scale: number
  readonly parts: ReadonlySet<Part>
  /** With one broker and RF 1, with three and RF 3, or both. */
  readonly brokerCounts: readonly (1 | 3)[]
  /** The file with the bar that is to be held, if any. */
  readonly hold: string | undefined
}

/** As `run.js` passes them on. */
export function readOptions(): BenchOptions {
  const { EYRIE_BENCH_ROUNDS, EYRIE_BENCH_SCALE, EYRIE_BENCH_ONLY, EYRIE_BENCH_BROKERS, EYRIE_BENCH_HOLD } = process.env
  const only = EYRIE_BENCH_ONLY?.split(',') ?? parts
  return {
    rounds: Number(EYRIE_BENCH_ROUNDS ?? 3),
    scale: Number(EYRIE_BENCH_SCALE ?? 1),
    parts: new Set(parts.filter((part) => only.includes(part))),
    brokerCounts: ([1, 3] as const).filter((count) => (EYRIE_BENCH_BROKERS ?? '1,3').includes(`${count}`)),
    hold: EYRIE_BENCH_HOLD,
  }
}

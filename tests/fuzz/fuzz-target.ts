import type { Random } from './random.ts'

/** One kind of input: made from `random`, given to the code that must stand it. Throws where it does not. */
export interface FuzzTarget {
  readonly name: string
  /** How often it has its turn among the others. */
  readonly weight: number
  run(random: Random): void
}

/** Numbers that follow from a seed and the number of the input: each input can be made again without those before it. */
export class Random {
  #state: number

  constructor(seed: number, input: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(input + 1, 0xc2b2ae35)
    this.next()
  }

  /** A number of 32 bits (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  /** From 0 to `end`, which it is not. */
  below(end: number): number {
    return Math.floor((this.next() / 2 ** 32) * end)
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)]
    if (choice === undefined) throw new Error('Nothing to pick from')
    return choice
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; at++) bytes[at] = this.next()
    return bytes
  }
}

/** Numbers at whose neighbours code goes wrong. */
export const edges: readonly number[] = [
  0,
  1,
  -1,
  -2,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32 - 1,
]

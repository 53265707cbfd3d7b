/** Numbers that look random and are the same for the same seed (sfc32). */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = seed | 0
    this.#b = Math.imul(seed, 0x9e3779b1) | 0
    this.#c = 0x243f6a88
    for (let i = 0; i < 12; i++) this.#next32()
  }

  /** A source of its own, so that what draws from it moves nothing elsewhere. */
  fork(): Random {
    return new Random(this.#next32())
  }

  /** From 0 up to, but not, 1. */
  fraction(): number {
    return (this.#next32() >>> 0) / 0x1_0000_0000
  }

  /** From 0 up to, but not, `end`. */
  integer(end: number): number {
    return Math.floor(this.fraction() * end)
  }

  between(min: number, max: number): number {
    return min + this.fraction() * (max - min)
  }

  chance(probability: number): boolean {
    return this.fraction() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(items.length)]
    if (item === undefined) throw new RangeError('Nothing to pick from')
    return item
  }

  /** So many of them, in random order. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items]
    const sample: T[] = []
    while (sample.length < count && rest.length > 0) sample.push(...rest.splice(this.integer(rest.length), 1))
    return sample
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count)
    for (let i = 0; i < count; i++) bytes[i] = this.integer(256)
    return bytes
  }

  #next32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum
  }
}

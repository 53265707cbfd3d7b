import { edges, type Random } from './random.ts'

/** The same bytes after an accident or two: bits turned, parts cut off, doubled, moved or taken from `other`. */
export function damage(bytes: Buffer, random: Random, other: Buffer = bytes): Buffer {
  let damaged = Buffer.from(bytes)
  for (let left = 1 + random.below(3); left > 0; left--) damaged = damageOnce(damaged, random, other)
  return damaged
}

function damageOnce(bytes: Buffer, random: Random, other: Buffer): Buffer<ArrayBuffer> {
  const at = random.below(bytes.length + 1)
  const until = Math.min(bytes.length, at + random.below(16))
  switch (random.below(8)) {
    case 0:
      return Buffer.from(bytes.subarray(0, at))
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)])
    case 2:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)])
    case 3:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(random.below(9)), bytes.subarray(at)])
    case 4:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length + 1))])
    case 5:
      return overwritten(bytes, at, edge(random))
    case 6:
      return overwritten(bytes, at, random.bytes(1 + random.below(4)))
    default: {
      const turned = Buffer.from(bytes)
      if (at < turned.length) turned[at] = (turned[at] ?? 0) ^ (1 << random.below(8))
      return turned
    }
  }
}

function edge(random: Random): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(random.pick(edges) | 0)
  return bytes.subarray(random.pick([0, 2, 3]))
}

function overwritten(bytes: Buffer, at: number, by: Buffer): Buffer<ArrayBuffer> {
  const changed = Buffer.from(bytes)
  by.copy(changed, at)
  return changed
}

/** Zigzag varints as records have them, of up to 2^53. */
export function varintSize(value: number): number {
  let size = 1
  for (let rest = zigzag(value); rest >= 128; rest = Math.floor(rest / 128)) size++
  return size
}

/** @returns where the next field begins. */
export function writeVarint(into: Buffer, position: number, value: number): number {
  let at = position
  let rest = zigzag(value)
  while (rest >= 128) {
    into[at++] = (rest % 128) + 128
    rest = Math.floor(rest / 128)
  }
  into[at++] = rest
  return at
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}

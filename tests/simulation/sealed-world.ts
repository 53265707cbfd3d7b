import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { Random } from './random.ts'

/** Others, like the test runner, go on with what is real. Compiled code is told by its source map, or as it is. */
const here = new URL('../..', import.meta.url).pathname
const brokerFolders = [`${here}broker/`, `${here.replace(/dist\/simulation\/$/, '')}broker/`]

/**
 * While it lasts, identifiers come from the seed, and broker code that reads the real clock or sets a real timer throws:
 * it would make the same seed end differently. Rejections that nobody handles are told to `onRejection`.
 */
export async function sealed<Value>(
  seed: number,
  onRejection: (reason: unknown) => void,
  run: () => Promise<Value>,
): Promise<Value> {
  const random = new Random(seed ^ 0x5eed)
  const real = {
    mathRandom: Math.random,
    now: Date.now,
    performanceNow: performance.now,
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    setImmediate: globalThis.setImmediate,
    randomBytes: crypto.randomBytes,
    randomUUID: crypto.randomUUID,
  }
  Math.random = () => (isCalledByBroker() ? random.fraction() : real.mathRandom())
  Object.assign(crypto, {
    randomBytes: (count: number) => (isCalledByBroker() ? random.bytes(count) : real.randomBytes(count)),
    randomUUID: () => (isCalledByBroker() ? uuidOf(random.bytes(16)) : real.randomUUID()),
  })
  syncBuiltinESMExports()
  Date.now = () => forOthers('Date.now', real.now)()
  performance.now = () => forOthers('performance.now', real.performanceNow).call(performance)
  Object.assign(globalThis, {
    setTimeout: (...values: Parameters<typeof setTimeout>) => forOthers('setTimeout', real.setTimeout)(...values),
    setInterval: (...values: Parameters<typeof setInterval>) => forOthers('setInterval', real.setInterval)(...values),
    setImmediate: (...values: Parameters<typeof setImmediate>) =>
      forOthers('setImmediate', real.setImmediate)(...values),
  })
  process.on('unhandledRejection', onRejection)
  try {
    return await run()
  } finally {
    process.off('unhandledRejection', onRejection)
    Math.random = real.mathRandom
    Date.now = real.now
    performance.now = real.performanceNow
    const { setTimeout, setInterval, setImmediate } = real
    Object.assign(globalThis, { setTimeout, setInterval, setImmediate })
    Object.assign(crypto, { randomBytes: real.randomBytes, randomUUID: real.randomUUID })
    syncBuiltinESMExports()
  }
}

function forOthers<Real>(name: string, real: Real): Real {
  if (isCalledByBroker()) throw new Error(`${name} instead of the world's own clock`)
  return real
}

/** Looks a few frames up: at whoever called the function that asks. */
function isCalledByBroker(): boolean {
  return (
    new Error().stack
      ?.split('\n')
      .slice(3, 5)
      .some((frame) => brokerFolders.some((folder) => frame.includes(folder))) ?? false
  )
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

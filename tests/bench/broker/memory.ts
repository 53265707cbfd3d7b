import { readFileSync } from 'node:fs'
import type { Figure } from '../figures-table.ts'
import type { Pair, System } from './pair.ts'

/** The mean of the brokers' resident memory. */
export function measureMemory(pair: Pair, state: string): Figure[] {
  const word = pair.brokerCount === 1 ? 'one broker' : 'each of three brokers'
  const { ours, peer } = pair
  return [{ what: `memory of ${word}, ${state}`, unit: 'MB', ours: residentOf(ours), peer: residentOf(peer) }]
}

function residentOf(system: System): number {
  const sizes = system.brokers.map((_, index) => {
    const status = readFileSync(`/proc/${system.pidOf(index + 1)}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
  })
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length
}

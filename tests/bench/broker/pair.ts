import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApacheKafka, startApacheKafka } from '../../support/apache-kafka.ts'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import { type Figure, median } from '../figures-table.ts'

/** One of the two systems that are compared. */
export interface System {
  readonly bootstrap: string
  readonly brokers: readonly string[]
  pidOf(brokerId: number): number
  /** SIGKILL; the broker comes back on what it left. Resolves when it is on its way. */
  crash(brokerId: number): Promise<void>
  /** Stops all brokers in good order and starts them on their data, with nothing of it in memory where that can be had. */
  restart(): Promise<void>
}

export interface Pair {
  readonly brokerCount: 1 | 3
  readonly ours: System
  readonly peer: System
  startFigures(): Figure[]
  /** Measures the two in turns, each going first in every other round. */
  takeTurns<Result>(
    rounds: number,
    measure: (system: System, round: number) => Promise<Result>,
  ): Promise<{ ours: Result[]; peer: Result[] }>
  /** The same for what is one number. */
  inTurns(rounds: number, measure: (system: System, round: number) => Promise<number>): Promise<Comparison>
  stop(): Promise<void>
}

export type Comparison = Pick<Figure, 'ours' | 'peer' | 'ratios'>

/** The medians of the rounds, and the ratio in each of them. */
export function compare(ours: readonly number[], peer: readonly number[]): Comparison {
  const ratios = ours.map((value, round) => value / (peer[round] ?? Number.NaN))
  return { ours: median(ours), peer: median(peer), ratios }
}

/** Starts one cluster of each, empty, with as many brokers. */
export async function startPair(brokerCount: 1 | 3): Promise<Pair> {
  const ours = await startOurs(brokerCount)
  const peer = await startPeer(brokerCount).catch(async (error: unknown) => {
    await ours.stop()
    throw error
  })
  const word = brokerCount === 1 ? 'one broker' : 'three brokers'
  return {
    brokerCount,
    ours,
    peer,
    startFigures: () => [{ what: `start of ${word}`, unit: 'ms', ours: ours.startMs, peer: peer.startMs }],
    takeTurns: (rounds, measure) => takeTurns({ ours, peer }, rounds, measure),
    inTurns: async (rounds, measure) => {
      const results = await takeTurns({ ours, peer }, rounds, measure)
      return compare(results.ours, results.peer)
    },
    stop: async () => {
      await ours.stop()
      await peer.stop()
    },
  }
}

async function takeTurns<Result>(
  systems: { readonly ours: System; readonly peer: System },
  rounds: number,
  measure: (system: System, round: number) => Promise<Result>,
): Promise<{ ours: Result[]; peer: Result[] }> {
  const results: { ours: Result[]; peer: Result[] } = { ours: [], peer: [] }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)
    for (const name of order) results[name].push(await measure(systems[name], round))
  }
  return results
}

async function startOurs(brokers: 1 | 3) {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'eyrie-bench-'))
  let cluster: TestCluster = await startTestCluster({ brokers, dataDirectory })
  const { startMs } = cluster
  return {
    startMs,
    get bootstrap() {
      return cluster.bootstrap
    },
    get brokers() {
      return cluster.brokers
    },
    pidOf: (brokerId: number) => cluster.pidOf(brokerId),
    crash: async (brokerId: number) => cluster.kill(brokerId),
    restart: async () => {
      await cluster.stop()
      dropPageCache()
      cluster = await startTestCluster({ brokers, dataDirectory })
    },
    stop: async () => {
      await cluster.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function startPeer(brokers: 1 | 3) {
  const kafka: ApacheKafka = await startApacheKafka({ brokers })
  const ids = kafka.brokers.map((_, index) => index + 1)
  return {
    startMs: kafka.startMs,
    bootstrap: kafka.bootstrap,
    brokers: kafka.brokers,
    pidOf: kafka.pidOf,
    crash: async (brokerId: number) => {
      await kafka.kill(brokerId)
      void kafka.restart(brokerId)
    },
    restart: async () => {
      await Promise.all(ids.map((id) => kafka.end(id)))
      dropPageCache()
      await Promise.all(ids.map((id) => kafka.restart(id)))
    },
    stop: kafka.stop,
  }
}

/** Only root may; for anybody else a cold log is one whose broker has just started. */
function dropPageCache(): void {
  execFileSync('sync')
  if (process.getuid?.() === 0) writeFileSync('/proc/sys/vm/drop_caches', '1')
}

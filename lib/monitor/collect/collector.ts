import type { Clock } from '../../clock.ts'
import { ClusterConnection } from '../../kafka/cluster-connection.ts'
import type { ClusterSnapshot } from '../snapshot.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { Cadence } from './cadence.ts'
import { ClusterState } from './cluster-state.ts'
import { collectCommittedOffsets } from './collect-committed-offsets.ts'
import { collectConfigs } from './collect-configs.ts'
import { collectGroupMembers } from './collect-group-members.ts'
import { collectGroups } from './collect-groups.ts'
import { collectLogDirs } from './collect-log-dirs.ts'
import { collectMetadata } from './collect-metadata.ts'
import { collectEndOffsets, collectStartOffsets } from './collect-offsets.ts'
import { collectQuorum } from './collect-quorum.ts'
import { updateLags } from './update-lags.ts'

export interface CollectorOptions {
  readonly clusterId: string
  readonly bootstrap: string
  readonly tickMs: number
  readonly clock: Clock
}

const cadenceMs = { startOffsets: 30_000, groupMembers: 15_000, logDirs: 30_000, configs: 300_000 } as const
/** Log dirs are a large answer of a large cluster only. */
const logDirsSmallMs = 10_000
const smallPartitionsMax = 2_000
const connectTimeoutMs = 2_000
const requestTimeoutMsMin = 1_000
/** A broker that hangs costs a round one of these, so it must fit into a tick with the rest. */
const requestTimeoutTicks = 0.6
/** The share of a tick after which a round leaves the slow families to the next one. */
const lateAfterTicks = 0.8

/** Reads one cluster, a round at a time: its caller sees to it that rounds do not overlap. */
export class Collector {
  readonly #options: CollectorOptions
  readonly #connection: ClusterConnection
  readonly #state = new ClusterState()
  readonly #cadence = new Cadence<keyof typeof cadenceMs>()

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#connection = new ClusterConnection({
      bootstrap: options.bootstrap,
      clientId: 'eyrie-collector',
      connectTimeoutMs,
      requestTimeoutMs: Math.max(requestTimeoutMsMin, options.tickMs * requestTimeoutTicks),
    })
  }

  /** `isOnGrid`: at its tick, so that rates and trends move on; otherwise a round asked for after an admin verb. */
  async collectRound(tickAtMs: number, isOnGrid: boolean): Promise<ClusterSnapshot> {
    const { clusterId, clock, tickMs } = this.#options
    const startedAtMs = clock.nowMs()
    const costBefore = this.#connection.cost
    await this.#collect(startedAtMs, isOnGrid)
    const completedAtMs = clock.nowMs()
    const cost = this.#connection.cost
    return buildSnapshot(this.#state, {
      clusterId,
      tickAtMs,
      tickMs,
      startedAtMs,
      completedAtMs,
      cost: {
        requests: cost.requests - costBefore.requests,
        bytesIn: cost.bytesIn - costBefore.bytesIn,
        bytesOut: cost.bytesOut - costBefore.bytesOut,
        durationMs: completedAtMs - startedAtMs,
      },
    })
  }

  close(): void {
    this.#connection.close()
  }

  async #collect(startedAtMs: number, isOnGrid: boolean): Promise<void> {
    const state = this.#state
    const connection = this.#connection
    const nowMs = () => this.#options.clock.nowMs()
    await collectMetadata(connection, state, nowMs)
    await Promise.all([collectGroups(connection, state, nowMs), collectQuorum(connection, state, nowMs)])
    await collectCommittedOffsets(connection, state, nowMs)
    const rateOverMsMin = this.#options.tickMs / 2
    await collectEndOffsets(connection, state, { nowMs, rateOverMsMin })
    await this.#collectSlowFamilies(startedAtMs)
    updateLags(state, { startedAtMs, isOnGrid })
  }

  async #collectSlowFamilies(startedAtMs: number): Promise<void> {
    const { tickMs, clock } = this.#options
    const state = this.#state
    const connection = this.#connection
    const nowMs = () => clock.nowMs()
    const isLate = nowMs() - startedAtMs > tickMs * lateAfterTicks
    const isDue = (family: keyof typeof cadenceMs, intervalMs: number = cadenceMs[family]) =>
      !isLate && this.#cadence.take(family, intervalMs, startedAtMs)
    let partitions = 0
    for (const topic of state.topics.values()) partitions += topic.partitions.length
    const logDirsMs = partitions <= smallPartitionsMax ? logDirsSmallMs : cadenceMs.logDirs
    const options = (isAll: boolean) => ({ nowMs, isOnlyUnknown: !isAll })
    await Promise.all([
      collectStartOffsets(connection, state, options(isDue('startOffsets'))),
      collectGroupMembers(connection, state, { nowMs, isOnlyChanged: !isDue('groupMembers') }),
      collectConfigs(connection, state, options(isDue('configs'))),
      isDue('logDirs', logDirsMs) ? collectLogDirs(connection, state, nowMs) : undefined,
    ])
  }
}

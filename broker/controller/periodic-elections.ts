import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { ControllerMetadata } from './controller-metadata.ts'
import { electUncleanLeaders, rebalanceLeaders } from './leader-election.ts'

/** Elections that nobody asks for: leaderships go back to where they belong, partitions that may get any leader get one. */
export class PeriodicElections {
  readonly #metadata: ControllerMetadata
  #nextRebalanceAtMs: number
  #nextUncleanElectionAtMs: number

  constructor(metadata: ControllerMetadata, nowMs: number) {
    this.#metadata = metadata
    this.#nextRebalanceAtMs = nowMs + rebalanceIntervalMs(metadata.state.settings)
    this.#nextUncleanElectionAtMs = nowMs + metadata.state.settings.uncleanLeaderElectionIntervalMs
  }

  get dueAtMs(): number {
    return Math.min(this.#nextRebalanceAtMs, this.#nextUncleanElectionAtMs)
  }

  holdWhenDue(nowMs: number): void {
    const { state } = this.#metadata
    if (nowMs >= this.#nextRebalanceAtMs) {
      this.#nextRebalanceAtMs = nowMs + rebalanceIntervalMs(state.settings)
      if (state.settings.autoLeaderRebalanceEnable) this.#metadata.write(rebalanceLeaders(state))
    }
    if (nowMs >= this.#nextUncleanElectionAtMs) {
      this.#nextUncleanElectionAtMs = nowMs + state.settings.uncleanLeaderElectionIntervalMs
      this.#metadata.write(electUncleanLeaders(state))
    }
  }
}

function rebalanceIntervalMs({ leaderImbalanceCheckIntervalSeconds }: BrokerSettings): number {
  return leaderImbalanceCheckIntervalSeconds * 1_000
}

import type { Clock } from '../clock.ts'
import type { LogConfig } from '../log/log-config.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import type { IsrProposal } from './leadership.ts'
import type { Partition } from './partition.ts'
import type { ThrottledReplicas } from './throttled-replicas.ts'

export interface PartitionConfig {
  readonly log: LogConfig
  readonly minInSyncReplicas: number
  /** Of this topic on this broker. */
  readonly throttledLeaders: ThrottledReplicas
  readonly throttledFollowers: ThrottledReplicas
}

/** What a partition asks of the broker that it lives in. */
export interface PartitionHost {
  readonly nodeId: number
  readonly clock: Clock
  readonly timers: TimerWheel
  readonly lagTimeMaxMs: number
  /** This broker's registration. */
  readonly brokerEpoch: number
  isEligible(brokerId: number, brokerEpoch: number): boolean
  isAlive(brokerId: number): boolean
  proposeIsr(partition: Partition, proposal: IsrProposal): void
  /** The log could not be written and takes nothing more. */
  noticeStorageFailure(error: unknown): void
}

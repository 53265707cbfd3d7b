import type { Scheduler } from '../clock.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import type { TimerWheel } from '../timer-wheel.ts'
import { FetchOperation, type FetchOptions, type FetchResult, type FetchTarget } from './fetch-operation.ts'
import { findNearestReplica } from './read-replica.ts'
import type { ReplicationQuota } from './replication-quota.ts'

type AskedOptions = 'targets' | 'reader' | 'waitMsMax' | 'bytesMin' | 'bytesMax' | 'loan'

/** What one fetch asks for. */
export interface AskedFetch extends Pick<FetchOptions, AskedOptions> {
  /** Of a consumer that may be sent to a replica that is nearer. */
  readonly rackId?: string
}

/** The fetches that this broker answers. A follower has one at a time: its newer one ends the wait of the older. */
export class FetchOperations {
  readonly #metadata: MetadataCache
  readonly #selectsReplicas: () => boolean
  readonly #leaderQuota: ReplicationQuota
  readonly #timers: TimerWheel
  readonly #clock: Scheduler
  /** By follower. */
  readonly #parked = new Map<number, FetchOperation>()

  constructor(options: {
    metadata: MetadataCache
    /** Whether consumers are sent to replicas in their own rack. */
    selectsReplicas: () => boolean
    leaderQuota: ReplicationQuota
    timers: TimerWheel
    clock: Scheduler
  }) {
    this.#metadata = options.metadata
    this.#selectsReplicas = options.selectsReplicas
    this.#leaderQuota = options.leaderQuota
    this.#timers = options.timers
    this.#clock = options.clock
  }

  async run(asked: AskedFetch): Promise<readonly FetchResult[]> {
    const operation = new FetchOperation({
      ...asked,
      timers: this.#timers,
      clock: this.#clock,
      leaderQuota: this.#leaderQuota,
      findNearer: this.#findNearer(asked.rackId ?? ''),
    })
    if (asked.reader.kind === 'consumer') return operation.run()
    const { replicaId } = asked.reader
    this.#parked.get(replicaId)?.finish()
    this.#parked.set(replicaId, operation)
    try {
      const results = await operation.run()
      this.#recordThrottled(asked.targets, results)
      return results
    } finally {
      if (this.#parked.get(replicaId) === operation) this.#parked.delete(replicaId)
    }
  }

  #findNearer(rackId: string): ((target: FetchTarget) => number | undefined) | undefined {
    if (rackId === '' || !this.#selectsReplicas()) return undefined
    const { image } = this.#metadata
    return ({ partition, fetchOffset }) => findNearestReplica(partition, image, { rackId, fetchOffset })
  }

  #recordThrottled(targets: readonly FetchTarget[], results: readonly FetchResult[]): void {
    for (const [i, { partition }] of targets.entries()) {
      const sizeBytes = results[i]?.sizeBytes ?? 0
      if (sizeBytes > 0 && partition.isThrottledAsLeader) this.#leaderQuota.record(sizeBytes, this.#clock.monotonicMs())
    }
  }
}

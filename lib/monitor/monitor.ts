import type { Clock } from '../clock.ts'
import type { ChangeRow } from '../contract/change.ts'
import type { ClusterSummary } from '../contract/cluster.ts'
import type { Log } from '../log.ts'
import type { ChangeLog } from './changes/change-log.ts'
import { type FoundChange, findChanges } from './changes/find-changes.ts'
import { Collector } from './collect/collector.ts'
import { type ClusterView, createClusterView } from './documents/cluster-view.ts'
import type { ClusterSnapshot } from './snapshot.ts'

export interface WatchedCluster {
  readonly id: string
  readonly name: string
  readonly kind: 'embedded' | 'external'
  readonly bootstrap: string
}

export interface MonitorOptions {
  readonly cluster: WatchedCluster
  readonly tickMs: number
  readonly clock: Clock
  readonly log: Log
  readonly changes: ChangeLog
  /** Called after every round, before the next one can begin. `isOnGrid` rounds are those that history keeps. */
  readonly onRound: (snapshot: ClusterSnapshot, isOnGrid: boolean) => Promise<void>
}

const staleAfterTicks = 3

/** Watches one cluster: a round a tick on the wall clock's grid, never two at once, and one out of turn when asked. */
export class Monitor {
  readonly cluster: WatchedCluster
  readonly #options: MonitorOptions
  readonly #collector: Collector
  readonly #changes: ChangeLog
  #snapshot: ClusterSnapshot | undefined
  #view: ClusterView | undefined
  #running: Promise<void> | undefined
  #isStopping = false
  #wake: (() => void) | undefined
  /** Those who wait for a round that begins after they asked. */
  #waiting: (() => void)[] = []

  constructor(options: MonitorOptions) {
    this.cluster = options.cluster
    this.#options = options
    this.#changes = options.changes
    this.#collector = new Collector({
      clusterId: options.cluster.id,
      bootstrap: options.cluster.bootstrap,
      tickMs: options.tickMs,
      clock: options.clock,
    })
  }

  get snapshot(): ClusterSnapshot | undefined {
    return this.#snapshot
  }

  get view(): ClusterView | undefined {
    return this.#view
  }

  get changes(): readonly ChangeRow[] {
    return this.#changes.changes
  }

  /** True once a round has read the cluster's metadata. */
  get isReady(): boolean {
    return this.#snapshot !== undefined && this.#snapshot.parts.metadata.asOfMs !== null
  }

  get summary(): ClusterSummary {
    const { id, name, kind, bootstrap } = this.cluster
    const metadata = this.#snapshot?.parts.metadata
    return {
      id,
      name,
      kind,
      bootstrap,
      kafkaClusterId: this.#snapshot?.kafkaClusterId ?? null,
      status: this.#status(),
      asOfMs: metadata?.asOfMs ?? null,
      tickMs: this.#options.tickMs,
      problem: metadata?.problem?.message ?? null,
    }
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** Resolves when a round that began after this call is over. */
  requestRound(): Promise<void> {
    if (this.#isStopping || this.#running === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#wake?.()
    })
  }

  /** Says who is about to make a change, before it is made: a round may see it at once. */
  claimChange(code: ChangeRow['code'], subjectId: string, actor: string): void {
    this.#changes.claim(code, subjectId, actor, this.#options.clock.nowMs())
  }

  /** A change that no snapshot shows. */
  recordChange(change: FoundChange): void {
    this.#changes.append([change], this.#options.clock.nowMs())
  }

  /** Hands over the changes that are new since the last time; see `ChangeLog.store`. */
  storeChanges(insert: (changes: readonly ChangeRow[]) => Promise<void>): Promise<void> {
    return this.#changes.store(insert)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.#wake?.()
    await this.#running
    this.#collector.close()
  }

  async #run(): Promise<void> {
    const { tickMs, clock } = this.#options
    let nextTickMs = Math.floor(clock.nowMs() / tickMs) * tickMs
    while (!this.#isStopping) {
      const isOnGrid = clock.nowMs() >= nextTickMs
      const served = this.#waiting
      this.#waiting = []
      await this.#round(isOnGrid ? nextTickMs : nextTickMs - tickMs, isOnGrid)
      for (const resolve of served) resolve()
      // A round longer than a tick skips those that it missed.
      if (isOnGrid) nextTickMs = (Math.floor(clock.nowMs() / tickMs) + 1) * tickMs
      if (this.#waiting.length === 0) await this.#sleepUntil(nextTickMs)
    }
    for (const resolve of this.#waiting) resolve()
  }

  async #round(tickAtMs: number, isOnGrid: boolean): Promise<void> {
    const { log, onRound, cluster } = this.#options
    const before = this.#snapshot
    const snapshot = await this.#collector.collectRound(tickAtMs, isOnGrid)
    this.#snapshot = snapshot
    // What differs from a cluster that was never read did not change: it was found.
    if (before !== undefined && before.parts.metadata.asOfMs !== null) {
      this.#changes.append(findChanges(before, snapshot), snapshot.completedAtMs)
    }
    this.#view = this.isReady ? createClusterView(snapshot, this.summary) : undefined
    try {
      await onRound(snapshot, isOnGrid)
    } catch (error) {
      log.error({ error, cluster: cluster.id }, 'a round could not be passed on')
    }
  }

  #status(): ClusterSummary['status'] {
    const metadata = this.#snapshot?.parts.metadata
    if (metadata === undefined) return 'starting'
    if (metadata.asOfMs === null) return metadata.problem === null ? 'starting' : 'unreachable'
    const ageMs = this.#options.clock.nowMs() - metadata.asOfMs
    if (ageMs <= staleAfterTicks * this.#options.tickMs) return 'fresh'
    return metadata.problem === null ? 'stale' : 'unreachable'
  }

  #sleepUntil(atMs: number): Promise<void> {
    if (this.#isStopping) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
      const timer = setTimeout(wake, Math.max(0, atMs - this.#options.clock.nowMs()))
      this.#wake = wake
    })
  }
}

import { getRequestListener } from '@hono/node-server'
import { type Api, createApi } from './api/api.ts'
import { type Auth, createAuth } from './auth/auth.ts'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import type { ChangeRow } from './contract/change.ts'
import { createDatabase, type Database } from './db/database.ts'
import { RowPruning } from './db/row-pruning.ts'
import type { HttpDoor } from './http/http-door.ts'
import { createSameOrigin } from './http/same-origin.ts'
import type { Log } from './log.ts'
import { AlertEngine } from './monitor/alert/alert-engine.ts'
import { ChangeLog } from './monitor/changes/change-log.ts'
import { insertChanges, listChanges } from './monitor/changes/change-rows.ts'
import { LiveHub } from './monitor/live/live-hub.ts'
import type { Monitor, WatchedCluster } from './monitor/monitor.ts'
import { ProcessMeter } from './monitor/process-meter.ts'
import { seriesSamples } from './monitor/series-samples.ts'
import type { ClusterSnapshot } from './monitor/snapshot.ts'
import { SeriesStore } from './monitor/store/series-store.ts'
import { openCluster } from './open-cluster.ts'
import { insertAuditEntry } from './services/audit/insert-audit-entry.ts'
import type { BrokerProcesses, ClusterHandle } from './services/cluster-handle.ts'

export interface ConsoleOptions {
  readonly config: Pick<Config, 'tickMs' | 'publicUrl' | 'admin' | 'webhookAddresses'>
  /** Where the console is reached, for links. */
  readonly baseUrl: string
  /** A database that has its tables. */
  readonly databaseUrl: string
  readonly clusters: readonly (WatchedCluster & { readonly processes?: BrokerProcesses })[]
  /** Listens already; API and socket are opened on it. */
  readonly door: HttpDoor
  readonly log: Log
}

/** Everything but the HTTP server, the pages and the processes it stands on: watches, stores, alerts, answers. */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { config, baseUrl, log, databaseUrl } = options
  const clock = systemClock
  const database = createDatabase(databaseUrl)
  const auth = await createAuth({ prisma: database.prisma, baseUrl, clock })
  if (config.admin !== undefined) await auth.createFirstAdmin(config.admin.email, config.admin.password)
  const series = new SeriesStore({ pool: database.pool, clock, tickMs: config.tickMs, log })
  await series.recover()
  const alerts = new AlertEngine({ database, clock, log, baseUrl, ...config })
  await alerts.start()
  const clusters = await Promise.all(
    options.clusters.map(async (cluster) => ({
      ...cluster,
      changes: new ChangeLog(await listChanges(database.prisma, cluster.id)),
    })),
  )
  const running = new Console({ ...options, clusters, database, auth, series, alerts })
  await running.start()
  return running
}

interface ConsoleParts extends ConsoleOptions {
  readonly clusters: readonly (ConsoleOptions['clusters'][number] & { readonly changes: ChangeLog })[]
  readonly database: Database
  readonly auth: Auth
  readonly series: SeriesStore
  readonly alerts: AlertEngine
}

export class Console {
  readonly #parts: ConsoleParts
  readonly #clusters: ReadonlyMap<string, ClusterHandle>
  readonly #api: Api
  readonly #live: LiveHub
  readonly #pruning: RowPruning
  readonly #meter = new ProcessMeter()

  constructor(parts: ConsoleParts) {
    const { auth, alerts, door, log, database, series } = parts
    this.#parts = parts
    this.#clusters = new Map(
      parts.clusters.map((cluster) => {
        const onRound = (snapshot: ClusterSnapshot, isOnGrid: boolean) => this.#passOn(snapshot, isOnGrid)
        return [
          cluster.id,
          openCluster({ ...cluster, alerts, log, clock: systemClock, tickMs: parts.config.tickMs, onRound }),
        ]
      }),
    )
    this.#pruning = new RowPruning({ prisma: database.prisma, clock: systemClock, log })
    const isSameOrigin = createSameOrigin(parts.config.publicUrl)
    this.#api = createApi({
      auth,
      alerts,
      database,
      series,
      log,
      isSameOrigin,
      clusters: this.#clusters,
      writeAudit: (row) => insertAuditEntry(database.prisma, row),
      onSignedOut: () => this.#live.recheckSessions(),
    })
    this.#live = new LiveHub({
      documents: { find: (channel) => this.#findDocument(channel) },
      findSession: (headers) => auth.findSession(headers),
      origins: isSameOrigin,
      log,
    })
    alerts.onChange((clusterId) => {
      this.#clusters.get(clusterId)?.documents.invalidate()
      this.#live.publish(`clusters/${clusterId}`)
    })
    door.openApi(getRequestListener((request, bindings) => this.#api.fetch(request, bindings)))
    door.openLive((request, socket, head) => void this.#live.handleUpgrade(request, socket, head))
  }

  /** True once every cluster's first round is over. */
  get isReady(): boolean {
    return [...this.#clusters.values()].every(({ monitor }) => monitor.isReady)
  }

  get auth(): Auth {
    return this.#parts.auth
  }

  async start(): Promise<void> {
    for (const { id, name, kind, bootstrap } of this.#parts.clusters) {
      const row = { name, kind, bootstrap }
      await this.#parts.database.prisma.cluster.upsert({ where: { id }, create: { id, ...row }, update: row })
    }
    for (const { monitor } of this.#clusters.values()) monitor.start()
    this.#pruning.start()
  }

  /** Answers a request to the API in this process. */
  async fetchApi(request: Request): Promise<Response> {
    return this.#api.fetch(request, {})
  }

  /** A change that no round can see, such as a process that was restarted. */
  recordChange(clusterId: string, change: Pick<ChangeRow, 'code' | 'subject' | 'params'>): void {
    const cluster = this.#clusters.get(clusterId)
    cluster?.monitor.recordChange(change)
    cluster?.documents.invalidate()
  }

  /** Takes no more requests, ends the round under way, writes out what is in memory. */
  async close(): Promise<void> {
    const { alerts, series, database, door } = this.#parts
    // The door waits for its connections, and sockets are connections.
    await this.#live.close()
    await door.close()
    await Promise.all([...this.#clusters.values()].map(({ monitor }) => monitor.stop()))
    for (const { admin } of this.#clusters.values()) admin.close()
    await this.#pruning.stop()
    for (const { monitor } of this.#clusters.values()) await this.#storeChanges(monitor)
    await alerts.close()
    await series.close()
    await database.close()
  }

  /** To alerts first, for the overview counts them; to history last, for the page need not wait for the disk. */
  async #passOn(snapshot: ClusterSnapshot, isOnGrid: boolean): Promise<void> {
    const { alerts, series, log } = this.#parts
    const { clusterId, tickAtMs } = snapshot
    const cluster = this.#clusters.get(clusterId)
    await alerts.evaluate(snapshot).catch((error: unknown) => log.error({ error }, 'alerts could not be evaluated'))
    cluster?.documents.invalidate()
    this.#live.publish(`clusters/${clusterId}`)
    if (cluster !== undefined) await this.#storeChanges(cluster.monitor)
    if (!isOnGrid) return
    await series
      .appendTick(clusterId, tickAtMs, seriesSamples(snapshot, this.#meter.read()))
      .catch((error: unknown) => log.error({ error }, 'a tick could not be stored'))
  }

  async #storeChanges(monitor: Monitor): Promise<void> {
    const { database, log } = this.#parts
    await monitor
      .storeChanges((changes) => insertChanges(database.prisma, monitor.cluster.id, changes))
      .catch((error: unknown) => log.error({ error }, 'changes could not be stored, trying again'))
  }

  #findDocument(channel: string): unknown {
    const [root, clusterId = '', ...path] = channel.split('/')
    return root === 'clusters' ? this.#clusters.get(clusterId)?.documents.find(path.join('/')) : undefined
  }
}

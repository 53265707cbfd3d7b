import { join } from 'node:path'
import type { Scheduler } from '../clock.ts'
import { Controller } from '../controller/controller.ts'
import { openMetadataLog } from '../controller/metadata-log.ts'
import type { MetadataSnapshots } from '../controller/metadata-snapshots.ts'
import type { FileSystem } from '../log/file-system.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { resolveStaticBrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { clusterMetadataTopicName } from '../metadata/topic-name.ts'
import type { Network } from '../network/network.ts'
import { WakeUp } from '../network/wake-up.ts'
import { allowEverything } from '../security/authorizer.ts'
import { openAuthorizer } from '../security/authorizer-config.ts'
import { Dispatcher } from './dispatcher.ts'
import { saslHandshakeHandler } from './handlers/17-sasl-handshake.ts'
import { apiVersionsHandler } from './handlers/18-api-versions.ts'
import { saslAuthenticateHandler } from './handlers/36-sasl-authenticate.ts'
import { controllerHandlers } from './handlers/controller-handlers.ts'
import { Listener, type ListenerLimits } from './listener.ts'
import { type ControllerPortParts, openControllerSecurity } from './listener-security.ts'
import { MutationQuotas } from './quota/mutation-quotas.ts'

/** The operating system frees a killed process's port within milliseconds: try often at first, then seldom. */
const firstBackoffMs = 5
const backoffMsMax = 250
const backoffFactor = 1.3

export interface ControllerSeatOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly host: string
  readonly port: number
  /** The folder of the metadata log, shared by the cluster's brokers; only the holder of the port opens it. */
  readonly directory: string
  readonly properties: ReadonlyMap<string, string>
  readonly metadata: MetadataCache
  readonly fileSystem: FileSystem
  readonly clock: Scheduler
  readonly network: Network
  readonly limits: ListenerLimits
  /** How brokers are known at the controller port. */
  readonly security: Omit<ControllerPortParts, 'authorizer'>
  readonly onBug: (error: unknown) => void
  /** The metadata log failed: this process must end, so that another takes the seat. */
  readonly onFailure: (error: unknown) => void
}

interface Holding {
  readonly listener: Listener
  readonly log: PartitionLog
  readonly controller: Controller
}

/**
 * Contends for the controller port. Whoever binds it is the controller until the process ends or `close`: the operating
 * system gives a port to one process at a time, which is all the election that one machine needs.
 */
export class ControllerSeat {
  readonly #options: ControllerSeatOptions
  readonly #wakeUp: WakeUp
  #isClosed = false
  #backoffMs = firstBackoffMs
  #holding: Holding | undefined
  #contending: Promise<void> = Promise.resolve()

  constructor(options: ControllerSeatOptions) {
    this.#options = options
    this.#wakeUp = new WakeUp(options.clock)
  }

  start(): void {
    this.#contending = this.#contend().catch(this.#options.onFailure)
  }

  /** Call when the controller went away. */
  contendNow(): void {
    this.#backoffMs = firstBackoffMs
    this.#wakeUp.now()
  }

  /** Leaves the seat: what the controller has promised is on disk before the port is free. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wakeUp.now()
    await this.#contending
    if (this.#holding === undefined) return
    const { listener, log, controller } = this.#holding
    await controller.close()
    await log.close()
    await listener.close()
  }

  async #contend(): Promise<void> {
    const { limits, clock, network, onBug } = this.#options
    const dispatcher = new Dispatcher('controller')
    const listener = new Listener({
      name: 'controller',
      dispatcher,
      limits,
      clock,
      network,
      onBug,
      onDisconnect: (connectionId) => this.#holding?.controller.connectionClosed(connectionId),
    })
    while (!this.#isClosed) {
      if (await this.#bind(listener)) {
        await this.#sit(listener, dispatcher)
        return
      }
      await this.#wakeUp.after(this.#backoffMs)
      this.#backoffMs = Math.min(this.#backoffMs * backoffFactor, backoffMsMax)
    }
  }

  /** The port is held: opens the metadata log, and answers on the port once it is read. */
  async #sit(listener: Listener, dispatcher: Dispatcher): Promise<void> {
    const { properties, metadata, port, security, clock } = this.#options
    const { log, snapshots } = await this.#openLog()
    const controller = await this.#takeOver(log, snapshots)
    this.#holding = { listener, log, controller }
    const authorizer = openAuthorizer(properties, controller.image.acls)
    const settings = resolveStaticBrokerSettings(properties)
    const mutations = new MutationQuotas({
      table: controller.image.clientQuotas,
      windows: {
        count: settings.controllerQuotaWindowNum,
        sizeMs: settings.controllerQuotaWindowSizeSeconds * 1_000,
      },
      clock,
    })
    const hasAuthorizer = authorizer !== allowEverything
    const handlers = controllerHandlers(controller, { authorizer, hasAuthorizer, mutations })
    dispatcher.register([
      ...handlers,
      apiVersionsHandler(dispatcher, metadata),
      saslHandshakeHandler(),
      saslAuthenticateHandler(),
    ])
    listener.serve(openControllerSecurity(port, { ...security, authorizer }))
  }

  async #bind(listener: Listener): Promise<boolean> {
    try {
      await listener.listen(this.#options.host, this.#options.port)
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
      throw error
    }
  }

  #openLog() {
    const { directory, fileSystem, clock } = this.#options
    return openMetadataLog({ directory: join(directory, `${clusterMetadataTopicName}-0`), fileSystem, clock })
  }

  #takeOver(log: PartitionLog, snapshots: MetadataSnapshots): Promise<Controller> {
    const { nodeId, clusterId, clock, properties, host, port, onFailure } = this.#options
    return Controller.takeOver({
      log,
      snapshots,
      nodeId,
      clusterId,
      clock,
      properties,
      endpoint: { host, port },
      onFailure,
    })
  }
}

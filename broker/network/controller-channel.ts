import { randomBytes } from 'node:crypto'
import { type Scheduler, sleep } from '../clock.ts'
import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataCache } from '../metadata/cache.ts'
import { errorCodes, errorName } from '../protocol/errors.ts'
import {
  type AlterPartitionRequestBody,
  type AlterPartitionResponse,
  alterPartition,
} from '../protocol/messages/56-alter-partition.ts'
import { envelope } from '../protocol/messages/58-envelope.ts'
import { brokerRegistration } from '../protocol/messages/62-broker-registration.ts'
import { type BrokerHeartbeatResponse, brokerHeartbeat } from '../protocol/messages/63-broker-heartbeat.ts'
import { type AllocateProducerIdsResponse, allocateProducerIds } from '../protocol/messages/67-allocate-producer-ids.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../protocol/schema.ts'
import { ConnectionLost } from './connection.ts'
import { type ControllerAddress, ControllerLink } from './controller-link.ts'
import { type ForwardedClient, ForwardingRefused, openResponse, sealRequest } from './envelope.ts'
import { type Network, nodeNetwork } from './network.ts'
import { WakeUp } from './wake-up.ts'

export interface BrokerEndPoint {
  /** Of the listener. */
  readonly name: string
  readonly host: string
  readonly port: number
  /** Kafka's number for it. */
  readonly securityProtocol: number
}

export interface ControllerChannelOptions {
  readonly nodeId: number
  readonly clusterId: string
  readonly controller: ControllerAddress
  /** Where clients reach this broker; brokers do by the first. */
  readonly endPoints: readonly BrokerEndPoint[]
  readonly rack: string | null
  /** The id of the folder that holds the partitions. */
  readonly logDirectoryId: string
  /** From the clean-shutdown marker; -1 when there was none: this broker may have lost what it had. */
  readonly previousBrokerEpoch: number
  readonly metadata: MetadataCache
  readonly settings: BrokerSettings
  readonly clock: Scheduler
  /** Node's own by default. */
  readonly network?: Network
}

type Phase = 'starting' | 'ready' | 'stopping' | 'stopped'

const registrationRetryMs = 100
/** How soon a broker asks again whether it may stop: other brokers take its leaderships over within milliseconds. */
const shutdownHeartbeatMs = 20
const answerTimeoutMs = 30_000

/**
 * A broker's line to the controller, whichever process that is: registration and heartbeats on one connection, which
 * tells the controller that this process lives; requests on another, where a slow one delays no heartbeat.
 */
export class ControllerChannel {
  /** Names this run of the broker in its registration. */
  readonly incarnationId = randomBytes(16).toString('base64url')
  readonly #options: ControllerChannelOptions
  readonly #lifeline: ControllerLink
  readonly #requests: ControllerLink
  readonly #wakeUp: WakeUp
  #phase: Phase = 'starting'
  #brokerEpoch = -1
  #isUnfenced = false
  #offlineLogDirs: readonly string[] = []
  #onUnfenced: (() => void)[] = []
  #living: Promise<void> = Promise.resolve()

  constructor(options: ControllerChannelOptions) {
    const { nodeId, controller, clock, network = nodeNetwork } = options
    this.#options = options
    const link = { address: controller, clock, network }
    this.#wakeUp = new WakeUp(clock)
    this.#lifeline = new ControllerLink({ ...link, clientId: `broker-${nodeId}-lifeline` })
    this.#requests = new ControllerLink({ ...link, clientId: `broker-${nodeId}` })
    options.metadata.onChange((delta) => {
      // Fenced although alive: say so at once instead of at the next heartbeat.
      if (delta.brokers.has(nodeId) && options.metadata.image.brokers.get(nodeId)?.isFenced) this.#wakeUp.now()
    })
  }

  /** -1 until the controller has registered this broker. */
  get brokerEpoch(): number {
    return this.#brokerEpoch
  }

  start(): void {
    this.#living = this.#live()
  }

  /** This broker can serve from now on. Resolves when the controller lets it. */
  becomeReady(): Promise<void> {
    if (this.#phase === 'starting') this.#phase = 'ready'
    this.#wakeUp.now()
    if (this.#isUnfenced) return Promise.resolve()
    return new Promise((resolve) => this.#onUnfenced.push(resolve))
  }

  /** Log directories that failed, by their ids: leaderships and places in sync go to other brokers at once. */
  reportOfflineLogDirs(directoryIds: readonly string[]): void {
    this.#offlineLogDirs = directoryIds
    this.#wakeUp.now()
  }

  /** Gives leaderships away. Resolves with true when the controller allows to stop, with false after `timeoutMs`. */
  async shutDown(timeoutMs: number): Promise<boolean> {
    this.#phase = 'stopping'
    this.#wakeUp.now()
    const done = new AbortController()
    const timeout = sleep(this.#options.clock, timeoutMs, done.signal)
    await Promise.race([this.#living, timeout])
    done.abort()
    return this.#isStopped
  }

  async close(): Promise<void> {
    this.#phase = 'stopped'
    this.#lifeline.close()
    this.#requests.close()
    this.#wakeUp.now()
    await this.#living
  }

  /** Rejects with ConnectionLost when no controller answers. */
  alterPartition(request: AlterPartitionRequestBody): Promise<AlterPartitionResponse> {
    return this.#requests.send(alterPartition, alterPartition.versions.max, request, { timeoutMs: answerTimeoutMs })
  }

  allocateProducerIds(): Promise<AllocateProducerIdsResponse> {
    const request = { brokerId: this.#options.nodeId, brokerEpoch: this.#brokerEpoch }
    const version = allocateProducerIds.versions.max
    return this.#requests.send(allocateProducerIds, version, request, { timeoutMs: answerTimeoutMs })
  }

  /**
   * Brings a client's request to the controller, in the version that it came in and in the client's name; without a client
   * it is the broker's own. Rejects with ConnectionLost when there is no controller, with ForwardingRefused when
   * it has no answer to such a request.
   */
  async forward<A extends Api>(
    api: A,
    version: number,
    request: RequestBodyOf<A>,
    client: ForwardedClient = this.#self,
  ): Promise<ResponseOf<A>> {
    const sealed = sealRequest(api, version, request, client)
    const timeoutMs = answerTimeoutMs
    const { responseData, errorCode } = await this.#requests.send(envelope, envelope.versions.max, sealed, {
      timeoutMs,
    })
    if (responseData === null) throw new ForwardingRefused(`${api.name}: ${errorName(errorCode)}`)
    return openResponse(api, version, responseData)
  }

  get #self(): ForwardedClient {
    const { nodeId } = this.#options
    return { principal: { type: 'Broker', name: String(nodeId) }, clientHost: '', clientId: `broker-${nodeId}` }
  }

  async #live(): Promise<void> {
    while (!this.#isStopped) {
      try {
        if (this.#brokerEpoch < 0) await this.#register()
        else await this.#reportAlive()
      } catch (error) {
        // The link finds the next controller, to which the same epoch is reported.
        if (!(error instanceof ConnectionLost)) throw error
      }
    }
  }

  async #register(): Promise<void> {
    const { nodeId, clusterId, endPoints, rack, logDirectoryId, previousBrokerEpoch, settings } = this.#options
    const connection = await this.#lifeline.connect()
    const request = {
      brokerId: nodeId,
      clusterId,
      incarnationId: this.incarnationId,
      listeners: endPoints,
      features: [],
      rack,
      logDirs: [logDirectoryId],
      previousBrokerEpoch,
    }
    const timeoutMs = settings.brokerSessionTimeoutMs
    const answer = await connection.send(brokerRegistration, brokerRegistration.versions.max, request, { timeoutMs })
    if (answer.errorCode === errorCodes.NONE) {
      this.#brokerEpoch = answer.brokerEpoch
      return
    }
    // Most likely the process that had this id before is not yet known to be gone.
    await this.#wakeUp.after(registrationRetryMs)
  }

  async #reportAlive(): Promise<void> {
    const { metadata, nodeId, settings } = this.#options
    const connection = await this.#lifeline.connect()
    // It can only be unfenced once it has seen its own registration.
    if (metadata.offset <= this.#brokerEpoch) await metadata.waitForOffset(this.#brokerEpoch + 1, this.#intervalMs)
    const request = {
      brokerId: nodeId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: metadata.offset - 1,
      wantFence: this.#phase === 'starting',
      wantShutDown: this.#phase === 'stopping',
      offlineLogDirs: this.#offlineLogDirs,
    }
    const timeoutMs = settings.brokerSessionTimeoutMs
    this.#take(await connection.send(brokerHeartbeat, brokerHeartbeat.versions.max, request, { timeoutMs }))
    if (this.#isStopped) return
    void connection.closed.then(() => this.#wakeUp.now())
    await this.#wakeUp.after(this.#intervalMs)
  }

  #take(answer: BrokerHeartbeatResponse): void {
    const { STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED } = errorCodes
    if (answer.errorCode === STALE_BROKER_EPOCH || answer.errorCode === BROKER_ID_NOT_REGISTERED) {
      this.#brokerEpoch = -1
      return
    }
    this.#isUnfenced = answer.errorCode === errorCodes.NONE && !answer.isFenced
    if (this.#isUnfenced) for (const resolve of this.#onUnfenced.splice(0)) resolve()
    if (this.#phase === 'stopping' && answer.shouldShutDown) this.#phase = 'stopped'
  }

  get #isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  get #intervalMs(): number {
    const isWaiting =
      this.#phase === 'stopping' || (this.#phase === 'ready' && !this.#isUnfenced && this.#offlineLogDirs.length === 0)
    return isWaiting ? shutdownHeartbeatMs : this.#options.settings.brokerHeartbeatIntervalMs
  }
}

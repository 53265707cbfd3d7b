import { randomBytes } from 'node:crypto'
import type { Scheduler } from '../clock.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { type BrokerSettings, resolveBrokerSettings } from '../metadata/broker-config.ts'
import { brokerConfigLayers } from '../metadata/config-layers.ts'
import { MetadataImage } from '../metadata/image.ts'
import { MetadataDelta } from '../metadata/metadata-delta.ts'
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecordBody } from '../metadata/records.ts'
import { WakeUp } from '../network/wake-up.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { FetchRequest, FetchResponseBody } from '../protocol/messages/01-fetch.ts'
import type { CreateTopicsRequest, CreateTopicsResponseBody } from '../protocol/messages/19-create-topics.ts'
import type { DeleteTopicsRequest, DeleteTopicsResponseBody } from '../protocol/messages/20-delete-topics.ts'
import type { CreateAclsRequest, CreateAclsResponseBody } from '../protocol/messages/30-create-acls.ts'
import type { DeleteAclsRequest, DeleteAclsResponseBody } from '../protocol/messages/31-delete-acls.ts'
import type { AlterConfigsRequest, AlterConfigsResponseBody } from '../protocol/messages/33-alter-configs.ts'
import type {
  CreatePartitionsRequest,
  CreatePartitionsResponseBody,
} from '../protocol/messages/37-create-partitions.ts'
import type { ElectLeadersRequest, ElectLeadersResponseBody } from '../protocol/messages/43-elect-leaders.ts'
import type { IncrementalAlterConfigsRequest } from '../protocol/messages/44-incremental-alter-configs.ts'
import type {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponseBody,
} from '../protocol/messages/45-alter-partition-reassignments.ts'
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponseBody,
} from '../protocol/messages/46-list-partition-reassignments.ts'
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasResponseBody,
} from '../protocol/messages/49-alter-client-quotas.ts'
import type {
  AlterUserScramCredentialsRequest,
  AlterUserScramCredentialsResponseBody,
} from '../protocol/messages/51-alter-user-scram-credentials.ts'
import type { DescribeQuorumRequest, DescribeQuorumResponseBody } from '../protocol/messages/55-describe-quorum.ts'
import type { AlterPartitionRequest, AlterPartitionResponseBody } from '../protocol/messages/56-alter-partition.ts'
import type { UpdateFeaturesRequest, UpdateFeaturesResponseBody } from '../protocol/messages/57-update-features.ts'
import type { FetchSnapshotRequest, FetchSnapshotResponseBody } from '../protocol/messages/59-fetch-snapshot.ts'
import type { BrokerRegistrationRequest } from '../protocol/messages/62-broker-registration.ts'
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponseBody } from '../protocol/messages/63-broker-heartbeat.ts'
import type {
  UnregisterBrokerRequest,
  UnregisterBrokerResponseBody,
} from '../protocol/messages/64-unregister-broker.ts'
import type {
  AllocateProducerIdsRequest,
  AllocateProducerIdsResponseBody,
} from '../protocol/messages/67-allocate-producer-ids.ts'
import { createAcls, deleteAcls } from './acl-control.ts'
import { alterPartition } from './alter-partition.ts'
import { bootstrapRecords } from './bootstrap.ts'
import { heartbeat } from './broker-heartbeat.ts'
import { fenceBroker } from './broker-leadership.ts'
import { BrokerLiveness } from './broker-liveness.ts'
import { registerBroker } from './broker-registration.ts'
import { unregisterBroker } from './broker-removal.ts'
import { alterClientQuotas } from './client-quota-control.ts'
import { alterConfigs, incrementalAlterConfigs } from './config-alteration.ts'
import { type ControllerState, type Decision, isActive, isTrue } from './controller-state.ts'
import { updateFeatures } from './feature-update.ts'
import { electLeaders, electUncleanLeaders, rebalanceLeaders } from './leader-election.ts'
import { MetadataFetches } from './metadata-fetches.ts'
import { MetadataFollowers } from './metadata-followers.ts'
import { MetadataLogWriter } from './metadata-log-writer.ts'
import { type LoadedMetadata, loadMetadata } from './metadata-replay.ts'
import { MetadataSnapshotWriter } from './metadata-snapshot-writer.ts'
import type { MetadataSnapshots } from './metadata-snapshots.ts'
import { createPartitions } from './partition-creation.ts'
import { listPartitionReassignments } from './partition-reassignments.ts'
import { allocateProducerIds } from './producer-ids.ts'
import { PropagationWaiters } from './propagation-waiters.ts'
import { describeQuorum } from './quorum-description.ts'
import { alterPartitionReassignments } from './reassignment-alteration.ts'
import { alterScramCredentials } from './scram-control.ts'
import { fetchSnapshot } from './snapshot-fetches.ts'
import { createTopics } from './topic-creation.ts'
import { deleteTopics } from './topic-deletion.ts'

export interface ControllerOptions {
  readonly log: PartitionLog
  readonly snapshots: MetadataSnapshots
  readonly nodeId: number
  readonly clusterId: string
  readonly clock: Scheduler
  /** What this process was started with, under the names of server.properties. */
  readonly properties: ReadonlyMap<string, string>
  /** Where the controller listens. */
  readonly endpoint: { readonly host: string; readonly port: number }
  /** The metadata log cannot be written any more: this process must end, so that another takes over. */
  readonly onFailure: (error: Error) => void
}

/** How long an answer waits for the brokers to know of a change; a broker that is hung must not hold it up for long. */
const propagationTimeoutMs = 500

/** Waking up this late means that this process itself was stopped: brokers may have spoken without being heard. */
const stallMs = 1_000

/**
 * The one writer of the metadata log. Each request is decided at once from the image, its records are appended as one
 * batch and applied, and its answer is given when they are on disk; so answers never tell of what a crash could undo.
 */
export class Controller {
  readonly #options: ControllerOptions
  readonly #state: ControllerState
  /** As they apply to this process now: they change with the dynamic configs. */
  #settings: BrokerSettings
  readonly #writer: MetadataLogWriter
  readonly #snapshotWriter: MetadataSnapshotWriter
  readonly #fetches: MetadataFetches
  readonly #liveness: BrokerLiveness
  readonly #followers = new MetadataFollowers()
  readonly #propagation: PropagationWaiters
  readonly #wakeUp: WakeUp
  #isOpen = true
  #watching: Promise<void> = Promise.resolve()
  #nextRebalanceAtMs: number
  #nextUncleanElectionAtMs: number

  private constructor(options: ControllerOptions, image: MetadataImage, loaded: LoadedMetadata) {
    const leaderEpoch = Math.max(loaded.last.epoch, loaded.snapshot?.epoch ?? 0) + 1
    const { log, clock, properties, onFailure } = options
    const settings = settingsOf(options, image)
    this.#options = options
    this.#propagation = new PropagationWaiters(clock)
    this.#wakeUp = new WakeUp(clock)
    this.#settings = settings
    const settingsInForce = () => this.#settings
    this.#state = {
      ...{ image, properties, random: Math.random, newTopicId },
      get settings() {
        return settingsInForce()
      },
    }
    this.#writer = new MetadataLogWriter({ log, leaderEpoch, clock, onFailure })
    this.#snapshotWriter = new MetadataSnapshotWriter({
      ...{ log, writer: this.#writer, image, snapshots: options.snapshots, clock, onFailure },
      limits: () => ({
        logBytesMax: this.#settings.metadataLogMaxRecordBytesBetweenSnapshots,
        intervalMs: this.#settings.metadataLogMaxSnapshotIntervalMs,
      }),
      nameController: () => this.#nameController(),
      latest: loaded.snapshot,
      readBytes: loaded.readBytes,
    })
    this.#fetches = new MetadataFetches({
      ...{ log, writer: this.#writer, leaderId: options.nodeId, clock },
      latestSnapshot: () => this.#snapshotWriter.latest,
    })
    this.#liveness = new BrokerLiveness({
      sessionTimeoutMs: settings.brokerSessionTimeoutMs,
      disconnectGraceMs: settings.brokerDisconnectGraceMs,
    })
    this.#nextRebalanceAtMs = clock.monotonicMs() + this.#rebalanceIntervalMs
    this.#nextUncleanElectionAtMs = clock.monotonicMs() + settings.uncleanLeaderElectionIntervalMs
  }

  /** Reads the log to its end and opens a higher epoch on disk; only then may the controller port be served. */
  static async takeOver(options: ControllerOptions): Promise<Controller> {
    const image = new MetadataImage(options.clusterId)
    const loaded = await loadMetadata(options.log, options.snapshots, image)
    const controller = new Controller(options, image, loaded)
    await controller.#open(loaded.last.id)
    return controller
  }

  async #open(lastControllerId: number): Promise<void> {
    this.#nameController()
    this.#write(bootstrapRecords(this.#state))
    // Nobody could take the port while the last controller's process lived, so its broker need not be waited for.
    if (this.#state.image.isUnfenced(lastControllerId)) this.#write(fenceBroker(this.#state, lastControllerId))
    await this.#writer.whenCommitted(this.#writer.endOffset)
    this.#liveness.expect(this.#unfencedIds(), this.#nowMs())
    this.#watching = this.#watch()
  }

  /** How a controller opens its term, and how what follows a snapshot begins. */
  #nameController(): void {
    this.#writer.appendLeaderChange(this.#options.nodeId, this.#voterIds())
  }

  /** The state as of what was written last, for those who serve the controller port. Only the controller changes it. */
  get image(): MetadataImage {
    return this.#state.image
  }

  get settings(): BrokerSettings {
    return this.#state.settings
  }

  get leaderEpoch(): number {
    return this.#writer.leaderEpoch
  }

  /** Requests that are under way are answered; what comes later is refused with NOT_CONTROLLER. */
  async close(): Promise<void> {
    this.#isOpen = false
    this.#wakeUp.now()
    await this.#watching
    await this.#snapshotWriter.close()
    await this.#writer.close()
    this.#fetches.close()
  }

  /** A registration throws its refusal as KafkaError; so do the requests below where they say nothing else. */
  registerBroker(request: BrokerRegistrationRequest, connectionId: string): Promise<{ brokerEpoch: number }> {
    return this.#perform(() => {
      const nowMs = this.#nowMs()
      const hasSession = this.#liveness.hasSession(request.brokerId, nowMs)
      const decision = registerBroker(this.#state, request, { nextOffset: this.#writer.endOffset, hasSession })
      this.#liveness.register(request.brokerId, connectionId, nowMs)
      return decision
    })
  }

  heartbeat(request: BrokerHeartbeatRequest, connectionId: string): Promise<BrokerHeartbeatResponseBody> {
    const { brokerId } = request
    return this.#perform(() => {
      const decision = heartbeat(this.#state, this.#liveness, request)
      this.#liveness.heartbeat(brokerId, connectionId, request.currentMetadataOffset + 1, this.#nowMs())
      const endOffset = this.#writer.endOffset + decision.records.length
      if (request.wantShutDown && decision.records.length > 0) this.#liveness.startShutdown(brokerId, endOffset)
      return decision
    })
  }

  /** The connection of a broker closed: its process is gone, or it will be back at once. */
  connectionClosed(connectionId: string): void {
    this.#liveness.disconnected(connectionId, this.#nowMs())
    this.#wakeUp.now()
  }

  alterPartition(request: AlterPartitionRequest): Promise<AlterPartitionResponseBody> {
    return this.#perform(() => alterPartition(this.#state, request))
  }

  allocateProducerIds(request: AllocateProducerIdsRequest): Promise<AllocateProducerIdsResponseBody> {
    return this.#perform(() => allocateProducerIds(this.#state, request))
  }

  createTopics(request: CreateTopicsRequest): Promise<CreateTopicsResponseBody> {
    return this.#performAndSpread(() => createTopics(this.#state, request))
  }

  deleteTopics(request: DeleteTopicsRequest, apiVersion: number): Promise<DeleteTopicsResponseBody> {
    return this.#performAndSpread(() => deleteTopics(this.#state, request, apiVersion))
  }

  createPartitions(request: CreatePartitionsRequest): Promise<CreatePartitionsResponseBody> {
    return this.#performAndSpread(() => createPartitions(this.#state, request))
  }

  electLeaders(request: ElectLeadersRequest): Promise<ElectLeadersResponseBody> {
    return this.#performAndSpread(() => electLeaders(this.#state, request))
  }

  alterConfigs(request: AlterConfigsRequest): Promise<AlterConfigsResponseBody> {
    return this.#performAndSpread(() => alterConfigs(this.#state, request))
  }

  incrementalAlterConfigs(request: IncrementalAlterConfigsRequest): Promise<AlterConfigsResponseBody> {
    return this.#performAndSpread(() => incrementalAlterConfigs(this.#state, request))
  }

  alterPartitionReassignments(
    request: AlterPartitionReassignmentsRequest,
  ): Promise<AlterPartitionReassignmentsResponseBody> {
    return this.#performAndSpread(() => alterPartitionReassignments(this.#state, request))
  }

  /** Throws its refusal. */
  unregisterBroker(request: UnregisterBrokerRequest): Promise<UnregisterBrokerResponseBody> {
    return this.#performAndSpread(() => unregisterBroker(this.#state, request))
  }

  updateFeatures(request: UpdateFeaturesRequest, apiVersion: number): Promise<UpdateFeaturesResponseBody> {
    return this.#performAndSpread(() => updateFeatures(this.#state, request, apiVersion))
  }

  createAcls(request: CreateAclsRequest): Promise<CreateAclsResponseBody> {
    return this.#performAndSpread(() => createAcls(this.#state, request))
  }

  deleteAcls(request: DeleteAclsRequest): Promise<DeleteAclsResponseBody> {
    return this.#performAndSpread(() => deleteAcls(this.#state, request))
  }

  alterScramCredentials(request: AlterUserScramCredentialsRequest): Promise<AlterUserScramCredentialsResponseBody> {
    return this.#performAndSpread(() => alterScramCredentials(this.#state, request))
  }

  alterClientQuotas(request: AlterClientQuotasRequest): Promise<AlterClientQuotasResponseBody> {
    return this.#performAndSpread(() => alterClientQuotas(this.#state, request))
  }

  listPartitionReassignments(
    request: ListPartitionReassignmentsRequest,
  ): Promise<ListPartitionReassignmentsResponseBody> {
    return this.#perform(() => ({ records: [], response: listPartitionReassignments(this.#state.image, request) }))
  }

  describeQuorum(request: DescribeQuorumRequest): Promise<DescribeQuorumResponseBody> {
    return this.#perform(() => ({
      records: [],
      response: describeQuorum(
        {
          leaderId: this.#options.nodeId,
          leaderEpoch: this.#writer.leaderEpoch,
          highWatermark: this.#writer.committedOffset,
          logEndOffset: this.#writer.endOffset,
          brokerIds: this.#voterIds(),
          followers: this.#followers,
          endpoint: this.#options.endpoint,
        },
        request,
        this.#options.clock.nowMs(),
      ),
    }))
  }

  /** A broker follows the metadata log; what it asks for next tells what it has. */
  async fetch(request: FetchRequest): Promise<FetchResponseBody> {
    this.#requireOpen()
    const replicaId = Math.max(request.replicaId, request.replicaState.replicaId)
    const fetchOffset = request.topics[0]?.partitions[0]?.fetchOffset
    if (replicaId >= 0 && fetchOffset !== undefined) {
      this.#followers.fetched(replicaId, fetchOffset, this.#writer.endOffset, this.#options.clock.nowMs())
      this.#liveness.reachMetadata(replicaId, fetchOffset)
      this.#propagation.check(this.#knownToAllOffset())
    }
    return this.#fetches.fetch(request)
  }

  async fetchSnapshot(request: FetchSnapshotRequest): Promise<FetchSnapshotResponseBody> {
    this.#requireOpen()
    const leader = { leaderId: this.#options.nodeId, leaderEpoch: this.#writer.leaderEpoch }
    return fetchSnapshot(this.#options.snapshots, leader, request)
  }

  /** Also what failed is only answered when everything that it was judged by is on disk. */
  async #perform<Response>(decide: () => Decision<Response>): Promise<Response> {
    this.#requireOpen()
    try {
      const { records, response } = decide()
      this.#write(records)
      this.#wakeUp.now()
      return response
    } finally {
      await this.#writer.whenCommitted(this.#writer.endOffset)
    }
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new KafkaError(errorCodes.NOT_CONTROLLER)
  }

  /** Answers when the brokers know of the change, or of what it was refused for: a client asks one of them next. */
  async #performAndSpread<Response>(decide: () => Decision<Response>): Promise<Response> {
    const response = this.#perform(decide)
    const endOffset = this.#writer.endOffset
    const answered = await response
    await this.#propagation.wait(endOffset, this.#knownToAllOffset(), propagationTimeoutMs)
    return answered
  }

  #write(records: readonly MetadataRecordBody[]): void {
    if (records.length === 0) return
    const values = records.map(encodeMetadataRecord)
    this.#snapshotWriter.noticeAppend(this.#writer.appendRecords(values))
    // Applied from the bytes that were written, so that a replay cannot differ.
    const delta = new MetadataDelta()
    for (const value of values) this.#state.image.apply(decodeMetadataRecord(value), delta)
    if (delta.configs.size > 0) this.#settings = settingsOf(this.#options, this.#state.image)
    this.#snapshotWriter.takeWhenDue()
    if (records.some(allowsUncleanElections)) this.#write(electUncleanLeaders(this.#state))
  }

  #knownToAllOffset(): number {
    const active = [...this.#state.image.brokers.values()].filter(isActive)
    return Math.min(...active.map(({ id }) => this.#liveness.metadataOffset(id)))
  }

  #voterIds(): number[] {
    return [...new Set([...this.#state.image.brokers.keys(), this.#options.nodeId])].sort((a, b) => a - b)
  }

  async #watch(): Promise<void> {
    while (this.#isOpen) {
      const dueAtMs = this.#nextDueAtMs()
      await this.#wakeUp.after(Math.max(dueAtMs - this.#nowMs(), 0))
      const nowMs = this.#nowMs()
      if (!this.#isOpen) return
      if (nowMs > dueAtMs + stallMs) this.#liveness.expect(this.#unfencedIds(), nowMs)
      else this.#act(nowMs)
    }
  }

  #nextDueAtMs(): number {
    const expiries = this.#unfencedIds().map((id) => this.#liveness.expiresAtMs(id))
    const nextSnapshotAtMs = this.#snapshotWriter.dueAtMs
    return Math.min(this.#nextRebalanceAtMs, this.#nextUncleanElectionAtMs, nextSnapshotAtMs, ...expiries)
  }

  /** What happens by itself: brokers that are gone are fenced, leaderships go back to where they belong. */
  #act(nowMs: number): void {
    for (const brokerId of this.#unfencedIds()) {
      if (this.#liveness.isExpired(brokerId, nowMs)) this.#write(fenceBroker(this.#state, brokerId))
    }
    if (nowMs >= this.#nextRebalanceAtMs) {
      this.#nextRebalanceAtMs = nowMs + this.#rebalanceIntervalMs
      if (this.#state.settings.autoLeaderRebalanceEnable) this.#write(rebalanceLeaders(this.#state))
    }
    if (nowMs >= this.#nextUncleanElectionAtMs) {
      this.#nextUncleanElectionAtMs = nowMs + this.#state.settings.uncleanLeaderElectionIntervalMs
      this.#write(electUncleanLeaders(this.#state))
    }
    this.#snapshotWriter.takeWhenDue()
  }

  #unfencedIds(): number[] {
    return [...this.#state.image.brokers.values()].filter(({ isFenced }) => !isFenced).map(({ id }) => id)
  }

  get #rebalanceIntervalMs(): number {
    return this.#state.settings.leaderImbalanceCheckIntervalSeconds * 1_000
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs()
  }
}

/** Like Kafka's: an id that starts with a dash would be taken for an option on a command line. */
function newTopicId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newTopicId() : id
}

function settingsOf({ properties, nodeId }: ControllerOptions, image: MetadataImage): BrokerSettings {
  return resolveBrokerSettings(brokerConfigLayers({ properties, dynamic: { image, brokerId: nodeId } }))
}

/** Partitions that wait for a leader need not wait for the next look at them. */
function allowsUncleanElections(record: MetadataRecordBody): boolean {
  return record.type === 'ConfigRecord' && record.name === 'unclean.leader.election.enable' && isTrue(record.value)
}

import type { BrokerSettings } from '../metadata/broker-config.ts'
import type { MetadataImage } from '../metadata/image.ts'
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
import { ControllerMetadata, type ControllerMetadataOptions } from './controller-metadata.ts'
import type { ControllerState, Decision } from './controller-state.ts'
import { updateFeatures } from './feature-update.ts'
import { knownToAllOffset } from './known-to-all-offset.ts'
import { electLeaders } from './leader-election.ts'
import { MetadataFetches } from './metadata-fetches.ts'
import { MetadataFollowers } from './metadata-followers.ts'
import type { MetadataLogWriter } from './metadata-log-writer.ts'
import { createPartitions } from './partition-creation.ts'
import { listPartitionReassignments } from './partition-reassignments.ts'
import { PeriodicElections } from './periodic-elections.ts'
import { allocateProducerIds } from './producer-ids.ts'
import { PropagationWaiters } from './propagation-waiters.ts'
import { describeQuorum } from './quorum-description.ts'
import { alterPartitionReassignments } from './reassignment-alteration.ts'
import { alterScramCredentials } from './scram-control.ts'
import { fetchSnapshot } from './snapshot-fetches.ts'
import { createTopics } from './topic-creation.ts'
import { deleteTopics } from './topic-deletion.ts'

export interface ControllerOptions extends ControllerMetadataOptions {
  /** Where the controller listens. */
  readonly endpoint: { readonly host: string; readonly port: number }
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
  readonly #metadata: ControllerMetadata
  readonly #state: ControllerState
  readonly #writer: MetadataLogWriter
  readonly #fetches: MetadataFetches
  readonly #liveness: BrokerLiveness
  readonly #followers = new MetadataFollowers()
  readonly #propagation: PropagationWaiters
  readonly #elections: PeriodicElections
  readonly #wakeUp: WakeUp
  #isOpen = true
  #watching: Promise<void> = Promise.resolve()

  private constructor(options: ControllerOptions, metadata: ControllerMetadata) {
    const { log, clock } = options
    const { settings } = metadata.state
    this.#options = options
    this.#metadata = metadata
    this.#state = metadata.state
    this.#writer = metadata.writer
    this.#propagation = new PropagationWaiters(clock)
    this.#wakeUp = new WakeUp(clock)
    this.#fetches = new MetadataFetches({
      ...{ log, writer: metadata.writer, leaderId: options.nodeId, clock },
      latestSnapshot: () => metadata.snapshotWriter.latest,
    })
    this.#liveness = new BrokerLiveness({
      sessionTimeoutMs: settings.brokerSessionTimeoutMs,
      disconnectGraceMs: settings.brokerDisconnectGraceMs,
    })
    this.#elections = new PeriodicElections(metadata, clock.monotonicMs())
  }

  /** Reads the log to its end and opens a higher epoch on disk; only then may the controller port be served. */
  static async takeOver(options: ControllerOptions): Promise<Controller> {
    const controller = new Controller(options, await ControllerMetadata.load(options))
    await controller.#open()
    return controller
  }

  async #open(): Promise<void> {
    const { lastControllerId } = this.#metadata
    this.#metadata.nameController()
    this.#metadata.write(bootstrapRecords(this.#state))
    // Nobody could take the port while the last controller's process lived, so its broker need not be waited for.
    if (this.#state.image.isUnfenced(lastControllerId)) {
      this.#metadata.write(fenceBroker(this.#state, lastControllerId))
    }
    await this.#writer.whenCommitted(this.#writer.endOffset)
    this.#liveness.expect(this.#unfencedIds(), this.#nowMs())
    this.#watching = this.#watch()
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
    await this.#metadata.close()
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
          brokerIds: this.#metadata.voterIds(),
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
      this.#propagation.check(knownToAllOffset(this.#state, this.#liveness))
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
      this.#metadata.write(records)
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
    await this.#propagation.wait(endOffset, knownToAllOffset(this.#state, this.#liveness), propagationTimeoutMs)
    return answered
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
    return Math.min(this.#elections.dueAtMs, this.#metadata.snapshotWriter.dueAtMs, ...expiries)
  }

  /** What happens by itself: brokers that are gone are fenced, leaderships go back to where they belong. */
  #act(nowMs: number): void {
    for (const brokerId of this.#unfencedIds()) {
      if (this.#liveness.isExpired(brokerId, nowMs)) this.#metadata.write(fenceBroker(this.#state, brokerId))
    }
    this.#elections.holdWhenDue(nowMs)
    this.#metadata.snapshotWriter.takeWhenDue()
  }

  #unfencedIds(): number[] {
    return [...this.#state.image.brokers.values()].filter(({ isFenced }) => !isFenced).map(({ id }) => id)
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs()
  }
}

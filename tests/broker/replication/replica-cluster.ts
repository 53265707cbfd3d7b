import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { Controller } from '../../../broker/controller/controller.ts'
import { openMetadataLog } from '../../../broker/controller/metadata-log.ts'
import type { FileSystem } from '../../../broker/log/file-system.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDirectory } from '../../../broker/log/log-directory.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { MetadataCache } from '../../../broker/metadata/cache.ts'
import { BrokerConnection } from '../../../broker/network/connection.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { alterPartition } from '../../../broker/protocol/messages/56-alter-partition.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { ReplicaManager } from '../../../broker/replication/replica-manager.ts'
import { Dispatcher } from '../../../broker/server/dispatcher.ts'
import { FetchSessions } from '../../../broker/server/fetch-sessions.ts'
import { produceHandler } from '../../../broker/server/handlers/00-produce.ts'
import { fetchHandler } from '../../../broker/server/handlers/01-fetch.ts'
import { listOffsetsHandler } from '../../../broker/server/handlers/02-list-offsets.ts'
import { deleteRecordsHandler } from '../../../broker/server/handlers/21-delete-records.ts'
import { offsetForLeaderEpochHandler } from '../../../broker/server/handlers/23-offset-for-leader-epoch.ts'
import { writeTxnMarkersHandler } from '../../../broker/server/handlers/27-write-txn-markers.ts'
import { describeLogDirsHandler } from '../../../broker/server/handlers/35-describe-log-dirs.ts'
import { describeProducersHandler } from '../../../broker/server/handlers/61-describe-producers.ts'
import { Listener } from '../../../broker/server/listener.ts'
import { TimerWheel } from '../../../broker/timer-wheel.ts'

const clusterId = 'replication-test-clust'
const deadlineMs = 15_000

export async function until<T>(what: string, find: () => T | undefined | false): Promise<T> {
  const endMs = Date.now() + deadlineMs
  for (;;) {
    const found = find()
    if (found !== undefined && found !== false) return found
    if (Date.now() > endMs) throw new Error(`Not within ${deadlineMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** The controller and brokers of one cluster, in one process: real logs in a folder, real sockets between brokers. */
export class ReplicaCluster {
  readonly #directory: string
  readonly #controller: Controller
  readonly #properties: ReadonlyMap<string, string>
  readonly brokers = new Map<number, ReplicaBroker>()
  readonly failures: unknown[] = []

  private constructor(directory: string, controller: Controller, properties: ReadonlyMap<string, string>) {
    this.#directory = directory
    this.#controller = controller
    this.#properties = properties
  }

  static async start(brokerCount: number, configs: Record<string, string> = {}): Promise<ReplicaCluster> {
    const directory = await mkdtemp(join(tmpdir(), 'eyrie-replication-'))
    const { log, snapshots } = await openMetadataLog({
      directory: join(directory, 'metadata', '__cluster_metadata-0'),
      fileSystem: new NodeFileSystem(),
      clock: systemClock,
    })
    const properties = new Map(
      Object.entries({ 'broker.session.timeout.ms': '60000', 'replica.lag.time.max.ms': '10000', ...configs }),
    )
    const controller = await Controller.takeOver({
      log,
      snapshots,
      nodeId: 1,
      clusterId,
      clock: systemClock,
      properties,
      endpoint: { host: '127.0.0.1', port: 9091 },
      onFailure: (error) => cluster.failures.push(error),
    })
    const cluster = new ReplicaCluster(directory, controller, properties)
    onTestFinished(async () => {
      for (const broker of [...cluster.brokers.values()]) await broker.stop()
      await controller.close()
      await log.close()
      await rm(directory, { recursive: true, force: true })
    })
    for (let id = 1; id <= brokerCount; id++) await cluster.startBroker(id)
    return cluster
  }

  /** `fileSystem`: one that fails, say. */
  async startBroker(id: number, fileSystem: FileSystem = new NodeFileSystem()): Promise<ReplicaBroker> {
    const broker = await ReplicaBroker.start({
      id,
      rack: this.#properties.has('replica.selector.class') ? `rack-${id}` : null,
      path: join(this.#directory, `broker-${id}`),
      controller: this.#controller,
      properties: this.#properties,
      onFailure: (error) => this.failures.push(error),
      fileSystem,
    })
    this.brokers.set(id, broker)
    return broker
  }

  /** As the controller sees a process that was killed. */
  async kill(id: number): Promise<void> {
    const broker = this.broker(id)
    this.brokers.delete(id)
    await broker.stop()
    this.#controller.connectionClosed(broker.connectionId)
  }

  broker(id: number): ReplicaBroker {
    const broker = this.brokers.get(id)
    if (broker === undefined) throw new Error(`Broker ${id} does not run`)
    return broker
  }

  /** With replicas on the brokers as they are given, the first one preferred as leader; resolves when it leads. */
  async createTopic(name: string, replicas: number[][], configs: Record<string, string> = {}): Promise<void> {
    const response = await this.#controller.createTopics({
      topics: [
        {
          name,
          numPartitions: -1,
          replicationFactor: -1,
          assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
      timeoutMs: 10_000,
      validateOnly: false,
    })
    if (response.topics[0]?.errorCode !== 0) throw new Error(`Topic not created: ${JSON.stringify(response.topics)}`)
    for (const [index, [leader = -1]] of replicas.entries()) {
      await until(`${name}-${index} is led`, () => this.broker(leader).replicas.partition(name, index)?.isLeader)
    }
  }

  setTopicConfig(topic: string, name: string, value: string): Promise<void> {
    return this.#setConfig(2, topic, name, value)
  }

  /** Of one broker; of all with an empty id. */
  setBrokerConfig(id: number | '', name: string, value: string): Promise<void> {
    return this.#setConfig(4, String(id), name, value)
  }

  async #setConfig(resourceType: number, resourceName: string, name: string, value: string): Promise<void> {
    const configs = [{ name, configOperation: 0, value }]
    const resources = [{ resourceType, resourceName, configs }]
    const { responses } = await this.#controller.incrementalAlterConfigs({ resources, validateOnly: false })
    if (responses[0]?.errorCode !== 0) throw new Error(`Not set: ${JSON.stringify(responses)}`)
  }

  /** Starts to move a partition; null ends a move. */
  async reassign(topic: string, replicas: number[] | null, index = 0): Promise<void> {
    const topics = [{ name: topic, partitions: [{ partitionIndex: index, replicas }] }]
    const request = { timeoutMs: 10_000, allowReplicationFactorChange: true, topics }
    const { responses } = await this.#controller.alterPartitionReassignments(request)
    if (responses[0]?.partitions[0]?.errorCode !== 0) throw new Error(`Not moved: ${JSON.stringify(responses)}`)
  }

  async deleteTopic(name: string): Promise<void> {
    await this.#controller.deleteTopics({ topics: [{ name, topicId: '' }], topicNames: [name], timeoutMs: 10_000 }, 5)
  }

  async leaderOf(topic: string, index = 0): Promise<ReplicaBroker> {
    return until(`a leader of ${topic}-${index}`, () =>
      [...this.brokers.values()].find((broker) => broker.replicas.partition(topic, index)?.isLeader),
    )
  }
}

/** What a broker is as far as replication goes. */
export class ReplicaBroker {
  readonly id: number
  readonly port: number
  readonly replicas: ReplicaManager
  readonly metadata: MetadataCache
  readonly logs: LogDirectory
  readonly connectionId: string
  readonly #listener: Listener
  readonly #timers: TimerWheel
  readonly #connections: BrokerConnection[] = []
  #isStopped = false
  #following: Promise<void> = Promise.resolve()

  private constructor(parts: {
    id: number
    port: number
    replicas: ReplicaManager
    metadata: MetadataCache
    logs: LogDirectory
    listener: Listener
    timers: TimerWheel
    connectionId: string
  }) {
    this.id = parts.id
    this.port = parts.port
    this.replicas = parts.replicas
    this.metadata = parts.metadata
    this.logs = parts.logs
    this.connectionId = parts.connectionId
    this.#listener = parts.listener
    this.#timers = parts.timers
  }

  static async start(options: {
    id: number
    rack: string | null
    path: string
    controller: Controller
    properties: ReadonlyMap<string, string>
    onFailure: (error: unknown) => void
    fileSystem: FileSystem
  }): Promise<ReplicaBroker> {
    const { id, path, controller, properties, onFailure, fileSystem } = options
    const clock = systemClock
    const metadata = new MetadataCache(clusterId)
    const timers = new TimerWheel(clock)
    const logs = await LogDirectory.open({
      path,
      clusterId,
      nodeId: id,
      fileSystem,
      clock,
      tail: new TailCache(),
      defaultConfig: defaultLogConfig,
    })
    const replicas = new ReplicaManager({
      nodeId: id,
      logs,
      metadata,
      controller: {
        alterPartition: async (body) => {
          const writer = new Writer()
          encode(alterPartition.request, 3, body, writer)
          const answer = await controller.alterPartition(
            decode(alterPartition.request, 3, new Reader(writer.toBuffer())),
          )
          const answerWriter = new Writer()
          encode(alterPartition.response, 3, answer, answerWriter)
          return decode(alterPartition.response, 3, new Reader(answerWriter.toBuffer()))
        },
      },
      timers,
      clock,
      properties,
      onFailure,
    })
    const dispatcher = new Dispatcher('client', [
      produceHandler(replicas, metadata),
      fetchHandler(replicas, metadata, new FetchSessions({ slots: 1_000, clock })),
      listOffsetsHandler(replicas),
      deleteRecordsHandler(replicas),
      offsetForLeaderEpochHandler(replicas),
      writeTxnMarkersHandler(replicas),
      describeLogDirsHandler(replicas, logs),
      describeProducersHandler(replicas),
    ])
    const listener = new Listener({
      name: 'client',
      dispatcher,
      limits: {
        connectionsMax: 100,
        idleMsMax: 60_000,
        requestBytesMax: 100_000_000,
        requestsInFlightMax: 100,
        responseBytesMax: 50_000_000,
      },
      onBug: onFailure,
    })
    const port = await listener.listen('127.0.0.1', 0)
    listener.serve()
    const connectionId = `broker-${id}-${randomBytes(4).toString('hex')}`
    const broker = new ReplicaBroker({ id, port, replicas, metadata, logs, listener, timers, connectionId })
    await broker.#join(controller, options.rack)
    return broker
  }

  connect(): Promise<BrokerConnection> {
    return BrokerConnection.connect({ host: '127.0.0.1', port: this.port, clientId: 'test' }).then((connection) => {
      this.#connections.push(connection)
      return connection
    })
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    for (const connection of this.#connections) connection.close()
    const listening = this.#listener.close()
    await this.replicas.close()
    await listening
    await this.logs.close()
    this.#timers.close()
    await this.#following
  }

  async #join(controller: Controller, rack: string | null): Promise<void> {
    const { brokerEpoch } = await controller.registerBroker(
      {
        brokerId: this.id,
        clusterId,
        incarnationId: randomBytes(16).toString('base64url'),
        listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: this.port, securityProtocol: 0 }],
        features: [],
        rack,
        isMigratingZkBroker: false,
        logDirs: [],
        previousBrokerEpoch: -1,
      },
      this.connectionId,
    )
    this.#following = this.#followMetadata(controller)
    await until('metadata is caught up', () => this.metadata.offset > brokerEpoch)
    await this.replicas.start()
    await controller.heartbeat(
      {
        brokerId: this.id,
        brokerEpoch,
        currentMetadataOffset: this.metadata.offset - 1,
        wantFence: false,
        wantShutDown: false,
        offlineLogDirs: [],
        cordonedLogDirs: null,
      },
      this.connectionId,
    )
    await until('the broker is unfenced', () => this.metadata.image.isUnfenced(this.id))
  }

  async #followMetadata(controller: Controller): Promise<void> {
    while (!this.#isStopped) {
      const answer = await controller.fetch({
        clusterId: null,
        replicaId: this.id,
        replicaState: { replicaId: -1, replicaEpoch: -1 },
        maxWaitMs: 50,
        minBytes: 1,
        maxBytes: 1_000_000,
        isolationLevel: 0,
        sessionId: 0,
        sessionEpoch: -1,
        topics: [
          {
            topic: '__cluster_metadata',
            topicId: '',
            partitions: [
              {
                partition: 0,
                currentLeaderEpoch: -1,
                fetchOffset: this.metadata.offset,
                lastFetchedEpoch: -1,
                logStartOffset: -1,
                partitionMaxBytes: 1_000_000,
                replicaDirectoryId: '',
                highWatermark: 0,
              },
            ],
          },
        ],
        forgottenTopicsData: [],
        rackId: '',
      })
      const records = answer.responses[0]?.partitions[0]?.records ?? []
      for (const batch of batchesIn(Buffer.concat(Buffer.isBuffer(records) ? [records] : records))) {
        if (batch.isControl) this.metadata.applyLeaderChange(1, batch.partitionLeaderEpoch, batch.nextOffset)
        else {
          const values = decodeRecords(batch).flatMap(({ value }) => (value === null ? [] : [value]))
          this.metadata.apply(values, batch.nextOffset)
        }
      }
    }
  }
}

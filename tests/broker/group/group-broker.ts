import assert from 'node:assert'
import { systemClock } from '../../../broker/clock.ts'
import { GroupCoordinator } from '../../../broker/group/coordinator.ts'
import { defaultLogConfig } from '../../../broker/log/log-config.ts'
import { LogDirectory } from '../../../broker/log/log-directory.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { TailCache } from '../../../broker/log/tail-cache.ts'
import { resolveStaticBrokerSettings } from '../../../broker/metadata/broker-config.ts'
import { MetadataCache } from '../../../broker/metadata/cache.ts'
import { encodeMetadataRecord, type MetadataRecordBody } from '../../../broker/metadata/records.ts'
import { nodeNetwork } from '../../../broker/network/network.ts'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { ReplicaManager } from '../../../broker/replication/replica-manager.ts'
import { anonymousAccess } from '../../../broker/security/access.ts'
import type { Handler } from '../../../broker/server/handler.ts'
import { openShareRooms, type ShareRooms } from '../../../broker/share/share-rooms.ts'
import { TimerWheel } from '../../../broker/timer-wheel.ts'

export const offsetsTopic = '__consumer_offsets'
export const offsetsPartitions = 4

export class ManualClock {
  timeMs = Date.now()
  readonly setTimeout = systemClock.setTimeout
  readonly setImmediate = systemClock.setImmediate

  nowMs(): number {
    return this.timeMs
  }

  monotonicMs(): number {
    return this.timeMs
  }
}

/** One broker's groups on real logs in a folder, with its metadata written by hand. No sockets. */
export class GroupBroker {
  readonly clock: ManualClock
  readonly timers: TimerWheel
  readonly metadata = new MetadataCache('cluster')
  /** What the coordinator asked the controller for. */
  readonly createdTopics: string[] = []
  readonly failures: unknown[] = []
  readonly groups: GroupCoordinator
  readonly shares: ShareRooms
  readonly replicas: ReplicaManager
  readonly #logs: LogDirectory

  static async open(directory: string, properties: Record<string, string> = {}): Promise<GroupBroker> {
    const clock = new ManualClock()
    const logs = await LogDirectory.open({
      path: directory,
      clusterId: 'cluster',
      nodeId: 1,
      fileSystem: new NodeFileSystem(),
      clock,
      tail: new TailCache(),
      defaultConfig: defaultLogConfig,
    })
    return new GroupBroker(clock, logs, new Map(Object.entries(properties)))
  }

  private constructor(clock: ManualClock, logs: LogDirectory, overrides: Map<string, string>) {
    this.clock = clock
    this.timers = new TimerWheel(clock)
    this.#logs = logs
    const properties = new Map([
      ['offsets.topic.num.partitions', String(offsetsPartitions)],
      ['group.initial.rebalance.delay.ms', '0'],
      ...overrides,
    ])
    const { metadata, timers } = this
    this.replicas = new ReplicaManager({
      nodeId: 1,
      logs,
      metadata,
      controller: { alterPartition: () => Promise.reject(new Error('a lone broker alters nothing')) },
      timers,
      clock,
      properties,
      onFailure: (error) => {
        throw error
      },
    })
    const settings = resolveStaticBrokerSettings(properties)
    const creator = {
      autoCreateTopics: async (names: readonly string[]) => {
        this.createdTopics.push(...names)
      },
    }
    const onFailure = (error: unknown) => {
      this.failures.push(error)
    }
    const { replicas } = this
    this.shares = openShareRooms({
      nodeId: 1,
      replicas,
      metadata,
      settings,
      creator,
      timers,
      clock,
      network: nodeNetwork,
      onFailure,
    })
    const share = {
      keeper: this.shares.states,
      sessionTimeoutMs: (groupId: string) => this.shares.groups.of(groupId).shareSessionTimeoutMs,
    }
    this.groups = new GroupCoordinator({ replicas, metadata, settings, creator, share, timers, clock, onFailure })
  }

  /** Begins with these records as its metadata; resolves when the groups are loaded. */
  async start(...records: MetadataRecordBody[]): Promise<void> {
    this.apply(...records)
    await this.replicas.start()
    await until(() => [...this.groups.partitions].every(({ unavailability }) => unavailability === undefined))
  }

  apply(...records: MetadataRecordBody[]): void {
    this.metadata.apply(records.map(encodeMetadataRecord), this.metadata.offset + records.length)
  }

  /** Sends a request as bytes in one version and reads the answer back from bytes. */
  async ask<A extends Api>(handler: Handler, api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    assert.strictEqual(handler.api, api)
    const request = decode(api.request, version, new Reader(bytesOf(api.request, version, body)))
    const access = anonymousAccess('127.0.0.1')
    const response = await handler.handle(request, {
      apiVersion: version,
      clientId: 'client',
      clientHost: '127.0.0.1',
      listener: 'client',
      listenerName: 'PLAINTEXT',
      principal: access.client.principal,
      access,
      connectionId: '1',
    })
    const answer = decode(api.response, version, new Reader(bytesOf(api.response, version, trustBody(response))))
    return trustResponse<A>(answer)
  }

  /** Moves the clock and fires what is due. */
  advance(ms: number): void {
    this.clock.timeMs += ms
    this.timers.advance()
  }

  /** Resolves when the groups have nothing left to write. */
  async written(): Promise<void> {
    for (const partition of this.groups.partitions) await partition.fetchOffsets('', outsider, true)
  }

  async close(): Promise<void> {
    this.groups.close()
    await this.replicas.close()
    await this.#logs.close()
    this.timers.close()
  }
}

const outsider = { memberId: '', groupInstanceId: null, memberEpoch: -1, apiVersion: 9 }

export async function until(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 5_000
  while (!(await isReached())) {
    if (performance.now() > deadlineMs) throw new Error(`never came true: ${isReached}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function broker(brokerId: number): MetadataRecordBody {
  return {
    type: 'RegisterBrokerRecord',
    brokerId,
    incarnationId: Buffer.alloc(16, brokerId).toString('base64url'),
    brokerEpoch: brokerId,
    endPoints: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9091 + brokerId, securityProtocol: 0 }],
    features: [],
    rack: null,
    fenced: false,
  }
}

export function topic(name: string, topicId: string, partitions: number, leader = 1): MetadataRecordBody[] {
  const created: MetadataRecordBody[] = [{ type: 'TopicRecord', name, topicId }]
  for (let partitionId = 0; partitionId < partitions; partitionId++) {
    created.push({
      type: 'PartitionRecord',
      partitionId,
      topicId,
      replicas: [1],
      isr: [1],
      removingReplicas: [],
      addingReplicas: [],
      leader,
      leaderEpoch: 0,
      partitionEpoch: 0,
      directories: [],
    })
  }
  return created
}

export function topicIdOf(number: number): string {
  return Buffer.alloc(16, number).toString('base64url')
}

function bytesOf(schema: Parameters<typeof encode>[0], version: number, body: Parameters<typeof encode>[2]): Buffer {
  const writer = new Writer()
  encode(schema, version, body, writer)
  return writer.toBuffer()
}

/** A handler's answer is a body of its own api's response. */
function trustBody(response: unknown): Parameters<typeof encode>[2] {
  return response as Parameters<typeof encode>[2]
}

/** It was decoded with the api's own schema. */
function trustResponse<A extends Api>(response: unknown): ResponseOf<A> {
  return response as ResponseOf<A>
}

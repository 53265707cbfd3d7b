import { sleep } from '../../broker/clock.ts'
import { BrokerConnection, ConnectionLost } from '../../broker/network/connection.ts'
import { errorCodes, errorName } from '../../broker/protocol/errors.ts'
import { metadata } from '../../broker/protocol/messages/03-metadata.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../broker/protocol/schema.ts'
import type { LedgerPartition } from './ledger.ts'
import type { Machine, SimulatedProcess } from './machine.ts'
import { portOf } from './simulated-cluster.ts'

const answerTimeoutMs = 10_000

/** An answer that carries an error code. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly errorCode: number

  constructor(errorCode: number) {
    super(errorName(errorCode))
    this.errorCode = errorCode
  }
}

/** A client's process: requests to brokers by their ids, as they are on the wire. */
export class SimulatedClient {
  readonly process: SimulatedProcess
  readonly machine: Machine
  readonly #brokerIds: readonly number[]
  readonly #connections = new Map<number, BrokerConnection>()
  /** From then on every request has to be answered in time. */
  mustBeAnsweredFromMs = Number.POSITIVE_INFINITY

  constructor(machine: Machine, name: string, brokerIds: readonly number[]) {
    this.machine = machine
    this.process = machine.start(name)
    this.#brokerIds = brokerIds
  }

  get name(): string {
    return this.process.name
  }

  tell(text: string): void {
    this.machine.tell(this.name, text)
  }

  sleep(delayMs: number): Promise<void> {
    return sleep(this.process.clock, delayMs)
  }

  /** A connection of its own, for requests that must stay in order. */
  connect(brokerId: number): Promise<BrokerConnection> {
    const { clock, network } = this.process
    return BrokerConnection.connect({ host: '127.0.0.1', port: portOf(brokerId), clientId: this.name, clock, network })
  }

  async send<A extends Api>(brokerId: number, api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    let connection = this.#connections.get(brokerId)
    if (!connection?.isOpen) {
      connection = await this.connect(brokerId)
      this.#connections.set(brokerId, connection)
    }
    return this.sendOn(connection, brokerId, api, version, body)
  }

  async sendOn<A extends Api>(
    connection: BrokerConnection,
    brokerId: number,
    api: A,
    version: number,
    body: RequestBodyOf<A>,
  ): Promise<ResponseOf<A>> {
    const sentAtMs = this.machine.timeline.nowMs
    try {
      return await connection.send(api, version, body, { timeoutMs: answerTimeoutMs })
    } catch (error) {
      const isOverdue = this.machine.timeline.nowMs >= sentAtMs + answerTimeoutMs
      if (isOverdue && sentAtMs >= this.mustBeAnsweredFromMs) {
        this.machine.violate(`broker ${brokerId} does not answer ${this.name}'s ${api.name}`)
      }
      throw error
    }
  }

  /** Of a broker that happens to be asked. */
  sendToAny<A extends Api>(api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    return this.send(this.machine.random.pick(this.#brokerIds), api, version, body)
  }

  /** Rejects with Refused while there is none that the asked broker knows. */
  async findLeader({ topicId, index }: LedgerPartition): Promise<{ leaderId: number; leaderEpoch: number }> {
    const request = { topics: [{ topicId, name: null }], allowAutoTopicCreation: false }
    const answer = await this.sendToAny(metadata, 12, request)
    const topic = answer.topics[0]
    if (topic === undefined || topic.errorCode !== errorCodes.NONE) throw new Refused(topic?.errorCode ?? -1)
    const partition = topic.partitions.find(({ partitionIndex }) => partitionIndex === index)
    if (partition === undefined || partition.leaderId === -1) throw new Refused(errorCodes.LEADER_NOT_AVAILABLE)
    return partition
  }

  /** Runs `attempt` until it succeeds or `isOver`, with a pause after each that the cluster's troubles explain. */
  async persist<Value>(isOver: () => boolean, attempt: () => Promise<Value>): Promise<Value | undefined> {
    while (!isOver()) {
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof ConnectionLost) && !(error instanceof Refused)) throw error
        await this.sleep(this.machine.random.between(5, 150))
      }
    }
    return undefined
  }
}

export function requireNone(errorCode: number | undefined): void {
  if (errorCode === undefined) throw new Error('The answer does not hold what was asked for')
  if (errorCode !== errorCodes.NONE) throw new Refused(errorCode)
}

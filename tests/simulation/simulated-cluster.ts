import { Broker } from '../../broker/broker.ts'
import { MetadataImage } from '../../broker/metadata/image.ts'
import { MetadataDelta } from '../../broker/metadata/metadata-delta.ts'
import { decodeMetadataRecord } from '../../broker/metadata/records.ts'
import { decodeSnapshot } from '../../broker/metadata/snapshot.ts'
import { clusterMetadataTopicName } from '../../broker/metadata/topic-name.ts'
import { decodeRecords } from '../../broker/record/decode-records.ts'
import { batchesIn } from '../../broker/record/record-batch.ts'
import { describeError, type Machine, type SimulatedProcess } from './machine.ts'

const clusterId = 'simulated-cluster'
export const clusterDirectory = '/cluster'
export const controllerPort = 9_999
const firstPort = 9_000

export function portOf(brokerId: number): number {
  return firstPort + brokerId
}

/** One broker's place: the processes that run there one after the other. */
export class BrokerSeat {
  readonly id: number
  readonly #machine: Machine
  readonly #properties: ReadonlyMap<string, string>
  /** The present process, or the last one. */
  process: SimulatedProcess
  /** Once it has started. */
  broker: Broker | undefined
  isStopping = false
  /** Its disk was told to fail, so the process may say so and may end. */
  hasDiskTrouble = false
  /** It lost what was not synced, and the cluster has not been told yet. */
  hasLostPower = false
  hasEverLostPower = false
  starts = 0

  constructor(machine: Machine, id: number, properties: ReadonlyMap<string, string>) {
    this.id = id
    this.#machine = machine
    this.#properties = properties
    this.process = machine.start(`broker-${id}`)
    this.process.isAlive = false
  }

  get directory(): string {
    return `${clusterDirectory}/broker-${this.id}`
  }

  get isRunning(): boolean {
    return this.process.isAlive
  }

  /** The broker, while its process can be spoken to. */
  get running(): Broker | undefined {
    return this.isRunning ? this.broker : undefined
  }

  start(): void {
    if (this.isRunning) return
    this.starts += 1
    this.isStopping = false
    const process = this.#machine.start(`broker-${this.id}`)
    this.process = process
    this.broker = undefined
    process.onReport = (error) => this.#takeReport(error)
    this.#tell('starts')
    const config = {
      nodeId: this.id,
      clusterId,
      host: '127.0.0.1',
      port: portOf(this.id),
      controllerPort,
      clusterDirectory,
      properties: this.#properties,
    }
    Broker.start(config, process, (error) => this.#end(process, error)).then(
      (broker) => {
        if (!process.isAlive) return
        this.broker = broker
        this.hasLostPower = false
        this.#tell('serves')
      },
      (error: unknown) => this.#end(process, error),
    )
  }

  kill(): void {
    if (!this.isRunning) return
    this.#tell('is killed')
    this.process.kill()
  }

  losePower(): void {
    const heldController = this.holdsController
    this.process.kill()
    this.hasLostPower = true
    this.hasEverLostPower = true
    this.#tell('loses power')
    this.#machine.disk.losePower(this.directory)
    if (heldController) this.#machine.disk.losePower(`${clusterDirectory}/metadata`)
  }

  get holdsController(): boolean {
    return this.#machine.network.holderOf(controllerPort) === this.process
  }

  /** As at SIGTERM; ended after a while if it does not end by itself. */
  stop(): void {
    const { broker, process } = this
    if (!this.isRunning || this.isStopping) return
    if (broker === undefined) {
      this.kill()
      return
    }
    this.isStopping = true
    this.#tell('stops')
    const gone = (how: string) => {
      if (!process.isAlive) return
      process.kill()
      this.#tell(how)
    }
    broker.stop().then(
      () => gone('has stopped'),
      (error: unknown) => {
        if (!this.hasDiskTrouble) this.#machine.violateBy(error, `broker-${this.id} cannot stop`)
        gone('could not stop')
      },
    )
    process.clock.setTimeout(() => gone('took too long to stop'), 20_000)
  }

  /** The supervisor starts a process again that has ended by itself. */
  #end(process: SimulatedProcess, error: unknown): void {
    if (!process.isAlive) return
    this.#tell(`ends itself: ${describeError(error)}`)
    if (!this.hasDiskTrouble) this.#machine.violateBy(error, `broker-${this.id} ended itself`)
    process.kill()
  }

  #takeReport(error: unknown): void {
    if (this.hasDiskTrouble) this.#tell(`reports ${error instanceof Error ? error.message : error}`)
    else this.#machine.violateBy(error, `broker-${this.id} reports`)
  }

  #tell(text: string): void {
    this.#machine.tell(`broker-${this.id}`, text)
  }
}

/** What the controllers have written, read from the disk without asking anybody. */
export class MetadataOnDisk {
  readonly #machine: Machine

  constructor(machine: Machine) {
    this.#machine = machine
  }

  read(): MetadataImage {
    const image = new MetadataImage(clusterId)
    const delta = new MetadataDelta()
    const directory = `${clusterDirectory}/metadata/${clusterMetadataTopicName}-0`
    const { disk } = this.#machine
    if (disk.find(directory) === undefined) return image
    const names = disk.list(directory)
    const snapshot = names.findLast((name) => name.endsWith('.checkpoint'))
    const snapshotBytes = snapshot === undefined ? undefined : disk.peek(`${directory}/${snapshot}`)
    for (const value of snapshotBytes === undefined ? [] : decodeSnapshot(snapshotBytes)) {
      image.apply(decodeMetadataRecord(value), delta)
    }
    const logStart = Number(snapshot?.split('-')[0] ?? 0)
    for (const name of names.filter((candidate) => candidate.endsWith('.log'))) {
      for (const batch of batchesIn(disk.peek(`${directory}/${name}`) ?? Buffer.alloc(0))) {
        if (batch.isControl || batch.baseOffset < logStart) continue
        for (const { value } of decodeRecords(batch)) {
          if (value !== null) image.apply(decodeMetadataRecord(value), delta)
        }
      }
    }
    return image
  }
}

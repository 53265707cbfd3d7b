import { randomBytes } from 'node:crypto'
import type { Scheduler } from '../clock.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import { type BrokerSettings, resolveBrokerSettings } from '../metadata/broker-config.ts'
import { brokerConfigLayers } from '../metadata/config-layers.ts'
import { MetadataImage } from '../metadata/image.ts'
import { MetadataDelta } from '../metadata/metadata-delta.ts'
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecordBody } from '../metadata/records.ts'
import { type ControllerState, isTrue } from './controller-state.ts'
import { electUncleanLeaders } from './leader-election.ts'
import { MetadataLogWriter } from './metadata-log-writer.ts'
import { type LoadedMetadata, loadMetadata } from './metadata-replay.ts'
import { MetadataSnapshotWriter } from './metadata-snapshot-writer.ts'
import type { MetadataSnapshots } from './metadata-snapshots.ts'

export interface ControllerMetadataOptions {
  readonly log: PartitionLog
  readonly snapshots: MetadataSnapshots
  readonly nodeId: number
  readonly clusterId: string
  readonly clock: Scheduler
  /** What this process was started with, under the names of server.properties. */
  readonly properties: ReadonlyMap<string, string>
  /** The metadata log cannot be written any more: this process must end, so that another takes over. */
  readonly onFailure: (error: Error) => void
}

/** What the controller decides from, and the log and the snapshots that it is kept in. */
export class ControllerMetadata {
  /** As of what was written last, which need not be on disk yet. */
  readonly state: ControllerState
  readonly writer: MetadataLogWriter
  readonly snapshotWriter: MetadataSnapshotWriter
  /** Who wrote the log before. */
  readonly lastControllerId: number
  readonly #options: ControllerMetadataOptions
  /** As they apply to this process now: they change with the dynamic configs. */
  #settings: BrokerSettings

  private constructor(options: ControllerMetadataOptions, image: MetadataImage, loaded: LoadedMetadata) {
    const leaderEpoch = Math.max(loaded.last.epoch, loaded.snapshot?.epoch ?? 0) + 1
    const { log, clock, properties, onFailure } = options
    this.#options = options
    this.#settings = settingsOf(options, image)
    this.lastControllerId = loaded.last.id
    const settingsInForce = () => this.#settings
    this.state = {
      ...{ image, properties, random: Math.random, newTopicId },
      get settings() {
        return settingsInForce()
      },
    }
    this.writer = new MetadataLogWriter({ log, leaderEpoch, clock, onFailure })
    this.snapshotWriter = new MetadataSnapshotWriter({
      ...{ log, writer: this.writer, image, snapshots: options.snapshots, clock, onFailure },
      limits: () => ({
        logBytesMax: this.#settings.metadataLogMaxRecordBytesBetweenSnapshots,
        intervalMs: this.#settings.metadataLogMaxSnapshotIntervalMs,
      }),
      nameController: () => this.nameController(),
      latest: loaded.snapshot,
      readBytes: loaded.readBytes,
    })
  }

  /** Reads the log to its end; what is written from then on has a higher epoch. */
  static async load(options: ControllerMetadataOptions): Promise<ControllerMetadata> {
    const image = new MetadataImage(options.clusterId)
    return new ControllerMetadata(options, image, await loadMetadata(options.log, options.snapshots, image))
  }

  /** How a controller opens its term, and how what follows a snapshot begins. */
  nameController(): void {
    this.writer.appendLeaderChange(this.#options.nodeId, this.voterIds())
  }

  /** As one batch. A snapshot is begun where that makes one due. */
  write(records: readonly MetadataRecordBody[]): void {
    if (records.length === 0) return
    const values = records.map(encodeMetadataRecord)
    this.snapshotWriter.noticeAppend(this.writer.appendRecords(values))
    // Applied from the bytes that were written, so that a replay cannot differ.
    const delta = new MetadataDelta()
    for (const value of values) this.state.image.apply(decodeMetadataRecord(value), delta)
    if (delta.configs.size > 0) this.#settings = settingsOf(this.#options, this.state.image)
    this.snapshotWriter.takeWhenDue()
    if (records.some(allowsUncleanElections)) this.write(electUncleanLeaders(this.state))
  }

  /** All brokers: each may take the controller port. */
  voterIds(): number[] {
    return [...new Set([...this.state.image.brokers.keys(), this.#options.nodeId])].sort((a, b) => a - b)
  }

  /** Waits for what was written to be on disk. */
  async close(): Promise<void> {
    await this.snapshotWriter.close()
    await this.writer.close()
  }
}

/** Like Kafka's: an id that starts with a dash would be taken for an option on a command line. */
function newTopicId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newTopicId() : id
}

function settingsOf({ properties, nodeId }: ControllerMetadataOptions, image: MetadataImage): BrokerSettings {
  return resolveBrokerSettings(brokerConfigLayers({ properties, dynamic: { image, brokerId: nodeId } }))
}

/** Partitions that wait for a leader need not wait for the next look at them. */
function allowsUncleanElections(record: MetadataRecordBody): boolean {
  return record.type === 'ConfigRecord' && record.name === 'unclean.leader.election.enable' && isTrue(record.value)
}

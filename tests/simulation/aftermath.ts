import type { Broker } from '../../broker/broker.ts'
import { decodeRecords } from '../../broker/record/decode-records.ts'
import { batchesIn } from '../../broker/record/record-batch.ts'
import type { Partition } from '../../broker/replication/partition.ts'
import type { Ledger } from './ledger.ts'
import type { Machine } from './machine.ts'
import type { BrokerSeat, MetadataOnDisk } from './simulated-cluster.ts'

/** What must be so when nothing troubles the cluster any more: all replicas are there, in sync, and hold what was promised. */
export class Aftermath {
  readonly #machine: Machine
  readonly #seats: readonly BrokerSeat[]
  readonly #metadata: MetadataOnDisk
  readonly #ledger: Ledger

  constructor(machine: Machine, seats: readonly BrokerSeat[], metadata: MetadataOnDisk, ledger: Ledger) {
    this.#machine = machine
    this.#seats = seats
    this.#metadata = metadata
    this.#ledger = ledger
  }

  /** What keeps the cluster from being whole. */
  findUnfinished(): string | undefined {
    const truth = this.#metadata.read()
    for (const { id, running } of this.#seats) {
      if (running === undefined) return `broker ${id} is down`
      const { image } = running.metadata
      for (const topic of truth.topics.values()) {
        for (const [index, partition] of topic.partitions.entries()) {
          const known = image.topicsById.get(topic.id)?.partitions[index]
          const name = `${topic.name}-${index}`
          if (known?.partitionEpoch !== partition.partitionEpoch) return `broker ${id} knows an old ${name}`
          if (partition.leader === -1) return `${name} has no leader: ${JSON.stringify(partition)}`
          if (partition.isr.length !== partition.replicas.length) return `${name} is in sync on ${partition.isr} only`
          if (partition.addingReplicas.length + partition.removingReplicas.length > 0) return `${name} is being moved`
          const unequal = this.#findUnequal(topic.id, index, partition.replicas)
          if (unequal !== undefined) return `${name}: ${unequal}`
        }
      }
      for (const partition of running.replicas.partitions()) {
        if (!truth.topicsById.has(partition.topicId)) return `broker ${id} still has ${partition.topic}`
      }
    }
    return undefined
  }

  #findUnequal(topicId: string, index: number, replicas: readonly number[]): string | undefined {
    const ends = replicas.map((id) => this.#running(id)?.replicas.partitionById(topicId, index)?.logEndOffset)
    const marks = replicas.map((id) => this.#running(id)?.replicas.partitionById(topicId, index)?.highWatermark)
    const isEqual = new Set([...ends, ...marks]).size === 1
    return isEqual ? undefined : `log ends ${ends} and high watermarks ${marks} on ${replicas}`
  }

  async checkLogs(): Promise<void> {
    const truth = this.#metadata.read()
    for (const partition of this.#ledger.partitions) {
      if (partition.isDeleted) continue
      const image = truth.topicsById.get(partition.topicId)?.partitions[partition.index]
      if (image === undefined) {
        this.#machine.violate(`${partition.topic}-${partition.index} is gone`)
        continue
      }
      const logs: Buffer[] = []
      for (const id of image.replicas) {
        const replica = this.#running(id)?.replicas.partitionById(partition.topicId, partition.index)
        if (replica === undefined) continue
        const bytes = await readWhole(replica)
        logs.push(bytes)
        this.#ledger.checkLog(partition, id, recordsOf(bytes))
      }
      if (logs.some((bytes) => !bytes.equals(logs[0] ?? bytes))) {
        const sizes = logs.map(({ length }) => length)
        this.#machine.violate(
          `${partition.topic}-${partition.index}: replicas ${image.replicas} differ: ${sizes} bytes`,
        )
      }
    }
  }

  #running(id: number): Broker | undefined {
    return this.#seats.find((seat) => seat.id === id)?.running
  }
}

async function readWhole({ log }: Partition): Promise<Buffer> {
  const { logStartOffset, logEndOffset: upToOffset } = log
  const parts: Buffer[] = []
  for (let offset = logStartOffset; offset < upToOffset; ) {
    const some = Buffer.concat(await log.read({ offset, maxBytes: 2 ** 24, upToOffset, atLeastOneBatch: true }))
    for (const batch of batchesIn(some)) offset = batch.nextOffset
    parts.push(some)
  }
  return Buffer.concat(parts)
}

function recordsOf(bytes: Buffer): Map<number, string> {
  const records = new Map<number, string>()
  for (const batch of batchesIn(bytes)) {
    for (const { offset, value } of decodeRecords(batch)) records.set(offset, value?.toString() ?? '')
  }
  return records
}

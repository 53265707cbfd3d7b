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
    if (new Set([...ends, ...marks]).size !== 1) return `log ends ${ends} and high watermarks ${marks} on ${replicas}`
    const stable = replicas.map((id) => this.#running(id)?.replicas.partitionById(topicId, index)?.lastStableOffset)
    return new Set([...ends, ...stable]).size === 1 ? undefined : `log ends ${ends}, last stable offsets ${stable}`
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

  /** What a reader of committed records gets of each partition of a topic. */
  async readCommitted(topicId: string): Promise<string[][]> {
    const partitions = this.#metadata.read().topicsById.get(topicId)?.partitions ?? []
    const reading = partitions.map(async ({ leader }, index) => {
      const replica = this.#running(leader)?.replicas.partitionById(topicId, index)
      return replica === undefined ? [] : committedValues(replica)
    })
    return Promise.all(reading)
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

/** As a client does it: the log names the aborted transactions, and a producer's is over at its marker. */
async function committedValues({ log }: Partition): Promise<string[]> {
  const { logStartOffset, logEndOffset: upToOffset } = log
  const values: string[] = []
  for (let offset = logStartOffset; offset < upToOffset; ) {
    const read = await log.read({ offset, maxBytes: 2 ** 24, upToOffset, atLeastOneBatch: true })
    const coming = [...log.findAborted(offset, read)].sort((a, b) => a.firstOffset - b.firstOffset)
    const aborted = new Set<number>()
    for (const batch of batchesIn(Buffer.concat(read))) {
      offset = batch.nextOffset
      for (const { producerId, firstOffset } of coming) if (firstOffset <= batch.lastOffset) aborted.add(producerId)
      while ((coming[0]?.firstOffset ?? Number.POSITIVE_INFINITY) <= batch.lastOffset) coming.shift()
      if (batch.isControl) aborted.delete(batch.producerId)
      else if (!batch.isTransactional || !aborted.has(batch.producerId)) values.push(...recordsOf(batch.bytes).values())
    }
  }
  return values
}

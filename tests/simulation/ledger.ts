import type { Machine } from './machine.ts'

/** One partition of one topic, as the histories know it. */
export interface LedgerPartition {
  readonly topic: string
  readonly topicId: string
  readonly index: number
  /** Unclean elections are allowed, or only one disk holds it and that may lose power: records may be lost. */
  readonly mayLose: boolean
  /** Not written to or read any more: the topic is being deleted. */
  isDeleted: boolean
  /** What somebody has read, by offset. It must be there for everybody, for ever. */
  readonly read: Map<number, string>
  /** What was acknowledged with acks=all, by offset. */
  readonly acknowledged: Map<number, string>
}

/** What the cluster has promised its clients, and whether it keeps it. */
export class Ledger {
  readonly #machine: Machine
  readonly #partitions = new Map<string, LedgerPartition>()
  /** Producers whose records must not be there twice, nor in another order: their names, to which numbers are added. */
  readonly idempotentProducers = new Set<string>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  get partitions(): LedgerPartition[] {
    return [...this.#partitions.values()]
  }

  open(topic: string, topicId: string, index: number, mayLose: boolean): LedgerPartition {
    const key = `${topicId}-${index}`
    let partition = this.#partitions.get(key)
    if (partition === undefined) {
      const [read, acknowledged] = [new Map<number, string>(), new Map<number, string>()]
      partition = { topic, topicId, index, mayLose, isDeleted: false, read, acknowledged }
      this.#partitions.set(key, partition)
    }
    return partition
  }

  close(topic: string): void {
    for (const partition of this.#partitions.values()) if (partition.topic === topic) partition.isDeleted = true
  }

  noteRead(partition: LedgerPartition, offset: number, value: string, reader: string): void {
    const before = partition.read.get(offset)
    if (before === undefined) partition.read.set(offset, value)
    else if (before !== value && !partition.mayLose) {
      this.#violate(partition, `${reader} reads ${value} at ${offset}, where ${before} was read before`)
    }
    if (partition.mayLose) partition.read.set(offset, value)
    const promised = partition.acknowledged.get(offset)
    if (promised !== undefined && promised !== value && !partition.mayLose) {
      this.#violate(partition, `${reader} reads ${value} at ${offset}, where ${promised} was acknowledged`)
    }
  }

  noteAcknowledged(partition: LedgerPartition, baseOffset: number, values: readonly string[]): void {
    for (const [i, value] of values.entries()) {
      const offset = baseOffset + i
      const before = partition.acknowledged.get(offset)
      if (before !== undefined && before !== value && !partition.mayLose) {
        this.#violate(partition, `${value} is acknowledged at ${offset}, where ${before} was acknowledged before`)
      }
      partition.acknowledged.set(offset, value)
    }
  }

  /** The whole log of one replica, when all is healed. */
  checkLog(partition: LedgerPartition, broker: number, log: ReadonlyMap<number, string>): void {
    this.#checkOrder(partition, broker, log)
    if (partition.mayLose) return
    const promises: [string, ReadonlyMap<number, string>][] = [
      ['acknowledged', partition.acknowledged],
      ['read', partition.read],
    ]
    for (const [kind, records] of promises) {
      for (const [offset, value] of records) {
        const found = log.get(offset)
        if (found === value) continue
        this.#violate(partition, `broker ${broker} has ${found ?? 'nothing'} at ${offset}, where ${value} was ${kind}`)
        break
      }
    }
  }

  #checkOrder(partition: LedgerPartition, broker: number, log: ReadonlyMap<number, string>): void {
    const lastNumbers = new Map<string, number>()
    for (const [offset, value] of log) {
      const at = value.lastIndexOf('#')
      const producer = value.slice(0, at)
      if (!this.idempotentProducers.has(producer)) continue
      const number = Number(value.slice(at + 1))
      const last = lastNumbers.get(producer) ?? -1
      const isNext = partition.mayLose ? number > last : number === last + 1
      if (!isNext) {
        this.#violate(partition, `broker ${broker} has ${value} at ${offset} after ${producer}#${last}`)
        return
      }
      lastNumbers.set(producer, number)
    }
  }

  #violate({ topic, index }: LedgerPartition, text: string): void {
    this.#machine.violate(`${topic}-${index}: ${text}`)
  }
}

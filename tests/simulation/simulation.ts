import type { PartitionImage } from '../../broker/metadata/image.ts'
import { decodeRecords } from '../../broker/record/decode-records.ts'
import { batchesIn } from '../../broker/record/record-batch.ts'
import type { Partition } from '../../broker/replication/partition.ts'
import { Administrator } from './administrator.ts'
import { Committer } from './committer.ts'
import { Consumer } from './consumer.ts'
import type { Action, History, TopicPlan } from './history.ts'
import { Ledger, type LedgerPartition } from './ledger.ts'
import { Machine } from './machine.ts'
import { Observer } from './observer.ts'
import { Producer, type ProducerPlan } from './producer.ts'
import { sealed } from './sealed-world.ts'
import { SimulatedClient } from './simulated-client.ts'
import { BrokerSeat, MetadataOnDisk } from './simulated-cluster.ts'
import { nature } from './timeline.ts'

export interface Outcome {
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  /** The same for the same history, wherever and whenever it runs. */
  readonly hash: string
  readonly events: number
  readonly records: number
}

/** How long the cluster may take to become whole when nothing troubles it any more. */
const healingMsMax = 120_000
const eventsBetweenLooks = 20
/** Nothing is written to it, and nothing befalls it: groups commit offsets of it. */
const committedTopic: TopicPlan = { name: 'committed', partitions: 1, replicationFactor: 1, configs: {} }

/** Lives through a history; ends at the first violation. */
export function simulate(history: History, onTrace?: (line: string) => void): Promise<Outcome> {
  const machine = new Machine(history.seed, onTrace)
  const onRejection = (reason: unknown) => machine.violateBy(reason, 'unhandled rejection')
  return sealed(history.seed, onRejection, () => new Simulation(history, machine).run())
}

class Simulation {
  readonly #history: History
  readonly #machine: Machine
  readonly #seats: BrokerSeat[]
  readonly #ledger: Ledger
  readonly #metadata: MetadataOnDisk
  readonly #observer: Observer
  readonly #administrator: Administrator
  readonly #clients: SimulatedClient[] = []
  readonly #producers: Producer[] = []
  readonly #consumers: Consumer[] = []
  readonly #committers: Committer[] = []
  readonly #topics = new Map<string, TopicPlan>()
  #events = 0

  constructor(history: History, machine: Machine) {
    this.#history = history
    this.#machine = machine
    const ids = Array.from({ length: history.brokers }, (_, i) => i + 1)
    this.#seats = ids.map((id) => new BrokerSeat(machine, id, history.properties))
    this.#ledger = new Ledger(machine)
    this.#metadata = new MetadataOnDisk(machine)
    this.#observer = new Observer(machine, this.#seats)
    this.#administrator = new Administrator(this.#newClient('administrator'))
  }

  async run(): Promise<Outcome> {
    const { timeline } = this.#machine
    try {
      await this.#begin()
      for (const { atMs, action } of this.#history.actions) timeline.after(atMs, nature, () => this.#act(action))
      await this.#pass(this.#history.durationMs)
      await this.#heal()
    } catch (error) {
      this.#machine.violateBy(error, 'thrown')
    }
    for (const { process } of this.#seats) process.isAlive = false
    for (const { process } of this.#clients) process.isAlive = false
    return {
      violations: this.#machine.violations,
      trace: this.#machine.trace,
      hash: timeline.hash,
      events: timeline.executed,
      records: this.#ledger.partitions.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
    }
  }

  async #begin(): Promise<void> {
    for (const seat of this.#seats) seat.start()
    await this.#passUntil(60_000, 'all brokers serve', () => this.#seats.every(({ broker }) => broker !== undefined))
    let created = 0
    const topics = [...this.#history.topics, committedTopic]
    for (const plan of topics) void this.#createTopic(plan, []).then(() => created++)
    await this.#passUntil(60_000, 'the topics are created', () => created === topics.length)
    const mayLose = this.#history.brokers === 1 && this.#losesPower
    for (let i = 0; i < this.#history.committers; i++) {
      const client = this.#newClient(`committer-${i}`)
      this.#committers.push(new Committer(client, `group-${i}`, committedTopic.name, mayLose))
    }
  }

  /** With the clients that the history has for it, or one of each. */
  async #createTopic(plan: TopicPlan, spare: readonly ProducerPlan[]): Promise<void> {
    const topicId = await this.#administrator.createTopic(plan)
    if (topicId === undefined) return
    this.#topics.set(plan.name, plan)
    const allowsUnclean = plan.configs['unclean.leader.election.enable'] === 'true'
    const mayLose = allowsUnclean || (plan.replicationFactor === 1 && this.#losesPower)
    for (let index = 0; index < plan.partitions; index++) {
      const partition = this.#ledger.open(plan.name, topicId, index, mayLose)
      const planned = this.#history.producers.filter((other) => other.topic === plan.name && other.index === index)
      this.#serve(partition, spare.length > 0 ? spare : planned.map(({ plan }) => plan))
    }
  }

  get #losesPower(): boolean {
    return this.#history.actions.some(({ action }) => action.kind === 'losePower')
  }

  #serve(partition: LedgerPartition, plans: readonly ProducerPlan[]): void {
    const place = `${partition.topic}-${partition.index}`
    for (const plan of plans) {
      const client = this.#newClient(`producer-${this.#producers.length}-${place}`)
      this.#producers.push(new Producer(client, this.#ledger, partition, plan))
    }
    const consumer = this.#newClient(`consumer-${this.#consumers.length}-${place}`)
    this.#consumers.push(new Consumer(consumer, this.#ledger, partition))
  }

  #newClient(name: string): SimulatedClient {
    const ids = this.#seats.map(({ id }) => id)
    const client = new SimulatedClient(this.#machine, name, ids)
    this.#clients.push(client)
    return client
  }

  #act(action: Action): void {
    this.#machine.tell('fate', describeAction(action))
    switch (action.kind) {
      case 'kill':
        this.#down(this.#seat(action.broker), action.downMs, (seat) => this.#kill(seat))
        break
      case 'losePower':
        this.#down(this.#seat(action.broker), action.downMs, (seat) => {
          if (this.#canLosePower(seat)) seat.losePower()
          else this.#kill(seat)
        })
        break
      case 'stop':
        this.#stop(this.#seat(action.broker), action.downMs)
        break
      case 'killAll':
        for (const seat of this.#seats) this.#down(seat, action.downMs, (each) => this.#kill(each))
        break
      case 'pause':
        this.#seat(action.broker).process.pause(action.forMs)
        break
      case 'cut':
        this.#cut(action.from, action.to, action.bothWays, action.forMs)
        break
      case 'isolate':
        for (const { id } of this.#seats) if (id !== action.broker) this.#cut(action.broker, id, true, action.forMs)
        break
      case 'slowLink':
        this.#slowLink(action.from, action.to, action.extraMs, action.forMs)
        break
      case 'slowDisk':
        this.#slowDisk(this.#seat(action.broker), action.extraMs, action.forMs)
        break
      case 'failDisk':
        this.#failDisk(this.#seat(action.broker), action.failures, action.forMs)
        break
      default:
        this.#administer(action)
        break
    }
  }

  #administer(action: Action): void {
    const administrator = this.#administrator
    switch (action.kind) {
      case 'create': {
        const plan: ProducerPlan = { acks: -1, isIdempotent: true, pauseMs: 20, recordBytesMax: 100 }
        void this.#createTopic(action.topic, [plan])
        return
      }
      case 'delete':
        this.#ledger.close(action.topic)
        this.#topics.delete(action.topic)
        void administrator.deleteTopic(action.topic)
        return
      case 'addPartitions':
        void administrator.addPartitions(action.topic, action.partitions)
        return
      case 'configure':
        void administrator.configure(action.topic, action.name, action.value)
        return
      case 'elect':
        void administrator.elect(action.isUnclean)
        return
      case 'reassign':
        void administrator.reassign(action.topic, action.index, action.replicas)
        return
      default:
        return
    }
  }

  #down(seat: BrokerSeat, downMs: number, end: (seat: BrokerSeat) => void): void {
    if (!seat.isRunning) return
    end(seat)
    this.#startLater(seat, downMs)
  }

  #kill(seat: BrokerSeat): void {
    if (this.#canKill(seat)) seat.kill()
  }

  #stop(seat: BrokerSeat, downMs: number): void {
    seat.stop()
    this.#startLater(seat, downMs)
  }

  /** As soon as it is down, and so long after. */
  #startLater(seat: BrokerSeat, downMs: number): void {
    this.#later(downMs, () => {
      if (seat.isRunning && seat.isStopping) this.#startLater(seat, 100)
      else seat.start()
    })
  }

  #cut(fromId: number, toId: number, bothWays: boolean, forMs: number): void {
    // Broken for the processes that are there; those that start later have wires of their own.
    const [from, to] = [this.#seat(fromId).process, this.#seat(toId).process]
    const { network } = this.#machine
    network.cut(from, to)
    if (bothWays) network.cut(to, from)
    this.#later(forMs, () => {
      network.heal(from, to)
      network.heal(to, from)
    })
  }

  #slowLink(fromId: number, toId: number, extraMs: number, forMs: number): void {
    const [from, to] = [this.#seat(fromId).process, this.#seat(toId).process]
    this.#machine.network.slowDown(from, to, extraMs)
    this.#later(forMs, () => this.#machine.network.heal(from, to))
  }

  #slowDisk({ process }: BrokerSeat, slowMs: number, forMs: number): void {
    this.#machine.disk.trouble(process, { slowMs, writeFailures: 0, readFailures: 0 })
    this.#later(forMs, () => this.#machine.disk.trouble(process, undefined))
  }

  #failDisk(seat: BrokerSeat, failures: number, forMs: number): void {
    const { process } = seat
    seat.hasDiskTrouble = true
    this.#machine.disk.trouble(process, { slowMs: 0, writeFailures: failures, readFailures: failures / 10 })
    this.#later(forMs, () => this.#machine.disk.trouble(process, undefined))
  }

  #later(delayMs: number, run: () => void): void {
    this.#machine.timeline.after(delayMs, nature, run)
  }

  #seat(id: number): BrokerSeat {
    const seat = this.#seats[id - 1]
    if (seat === undefined) throw new RangeError(`No broker ${id}`)
    return seat
  }

  /**
   * Kafka promises nothing when all who have acknowledged a record lose what they have not synced. And since a controller
   * cannot tell who has, all who did not shut down in good order count as such when they come back (KIP-966).
   */
  #canLosePower(seat: BrokerSeat): boolean {
    return this.#placesOf(seat).every((partition) => this.#hasOtherIntact(partition, seat))
  }

  #canKill(seat: BrokerSeat): boolean {
    return this.#placesOf(seat).every((partition) => {
      return this.#hasOtherIntact(partition, seat) || !partition.replicas.some((id) => this.#isWounded(partition, id))
    })
  }

  #hasOtherIntact(partition: PartitionImage, seat: BrokerSeat): boolean {
    return [...partition.isr, ...partition.eligibleLeaderReplicas].some((id) => {
      const { isRunning, hasLostPower } = this.#seat(id)
      return id !== seat.id && isRunning && !hasLostPower
    })
  }

  /** It lost its power and has not caught up since. */
  #isWounded({ isr }: PartitionImage, id: number): boolean {
    const { hasLostPower, hasEverLostPower } = this.#seat(id)
    return hasLostPower || (hasEverLostPower && !isr.includes(id))
  }

  /** Partitions that a broker may be needed for; those that only it has may lose their records anyway. */
  #placesOf(seat: BrokerSeat): PartitionImage[] {
    const partitions = [...this.#metadata.read().topics.values()].flatMap((topic) => topic.partitions)
    return partitions.filter((partition) => partition.replicas.length > 1 && mayLead(partition, seat.id))
  }

  async #heal(): Promise<void> {
    const { timeline } = this.#machine
    this.#machine.tell('fate', 'heals everything')
    const processes = [...this.#seats.map(({ process }) => process), ...this.#clients.map(({ process }) => process)]
    for (const from of processes) for (const to of processes) this.#machine.network.heal(from, to)
    for (const seat of this.#seats) {
      this.#machine.disk.trouble(seat.process, undefined)
      // What went offline with its disk comes back with the process.
      if (seat.hasDiskTrouble) seat.kill()
      seat.hasDiskTrouble = false
    }
    await this.#passUntil(30_000, 'all brokers run', () => {
      for (const seat of this.#seats) seat.start()
      return this.#seats.every((seat) => seat.isRunning && !seat.isStopping)
    })
    await this.#passUntil(healingMsMax, 'all brokers serve', () =>
      this.#seats.every(({ running }) => running !== undefined),
    )
    for (const client of this.#clients) client.mustBeAnsweredFromMs = timeline.nowMs
    await this.#pass(2_000)
    for (const client of [...this.#producers, ...this.#committers]) client.stop()
    await this.#passUntil(healingMsMax, 'everything sent is acknowledged', () => this.#isAllSent())
    for (const consumer of this.#consumers) consumer.stop()
    await this.#passUntil(healingMsMax, 'all replicas are in sync', () => this.#findUnfinished() === undefined)
    await this.#compareLogs()
  }

  #isAllSent(): boolean {
    return [...this.#producers, ...this.#committers].every(({ isDone }) => isDone) && this.#administrator.isIdle
  }

  /** What keeps the cluster from being whole. */
  #findUnfinished(): string | undefined {
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
    const ends = replicas.map((id) => this.#seat(id).running?.replicas.partitionById(topicId, index)?.logEndOffset)
    const marks = replicas.map((id) => this.#seat(id).running?.replicas.partitionById(topicId, index)?.highWatermark)
    const isEqual = new Set([...ends, ...marks]).size === 1
    return isEqual ? undefined : `log ends ${ends} and high watermarks ${marks} on ${replicas}`
  }

  async #compareLogs(): Promise<void> {
    const reading = this.#readLogs()
    let isRead = false
    const done = reading.finally(() => {
      isRead = true
    })
    await this.#passUntil(60_000, 'all logs are read', () => isRead)
    await done
  }

  async #readLogs(): Promise<void> {
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
        const replica = this.#seat(id).running?.replicas.partitionById(partition.topicId, partition.index)
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

  #pass(forMs: number): Promise<void> {
    const untilMs = this.#machine.timeline.nowMs + forMs
    return this.#machine.timeline.run(untilMs, () => this.#looks())
  }

  async #passUntil(withinMs: number, what: string, isReached: () => boolean): Promise<void> {
    const { timeline, violations } = this.#machine
    const deadlineMs = timeline.nowMs + withinMs
    while (!isReached() && violations.length === 0) {
      if (timeline.nowMs >= deadlineMs) {
        this.#machine.violate(`not so after ${withinMs / 1_000} s: ${what}. ${this.#findUnfinished() ?? ''}`)
        break
      }
      await this.#pass(50)
    }
    if (violations.length > 0) throw new Error('ended by a violation')
  }

  /** True ends the run: something that must not be has been seen. */
  #looks(): boolean {
    this.#events += 1
    if (this.#events % eventsBetweenLooks === 0) this.#observer.look()
    return this.#machine.violations.length > 0
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

function describeAction({ kind, ...what }: Action): string {
  return `${kind} ${JSON.stringify(what)}`
}

/** Without an unclean election. The last leader may when nobody else is left, or all others were killed (KIP-966). */
function mayLead({ isr, eligibleLeaderReplicas, lastKnownElr }: PartitionImage, id: number): boolean {
  return [isr, eligibleLeaderReplicas, lastKnownElr].some((ids) => ids.includes(id))
}

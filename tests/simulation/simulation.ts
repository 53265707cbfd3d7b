import { Administrator } from './administrator.ts'
import { Aftermath } from './aftermath.ts'
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
import { TransactionLedger } from './transaction-ledger.ts'
import { Transactor } from './transactor.ts'
import { Troubles } from './troubles.ts'

export interface Outcome {
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  /** The same for the same history, wherever and whenever it runs. */
  readonly hash: string
  readonly events: number
  readonly records: number
}

/** How long the cluster may take to become whole when nothing troubles it any more. */
const healingMsMax = 60_000
const eventsBetweenLooks = 20
/** Nothing is written to it, and nothing befalls it: groups commit offsets of it. */
const committedTopic: TopicPlan = { name: 'committed', partitions: 1, replicationFactor: 1, configs: {} }

/** Only transactions write to it. */
const transactionTopic = 'transfers'
const transactionPartitions = 2

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
  readonly #troubles: Troubles
  readonly #aftermath: Aftermath
  readonly #observer: Observer
  readonly #administrator: Administrator
  readonly #clients: SimulatedClient[] = []
  readonly #producers: Producer[] = []
  readonly #consumers: Consumer[] = []
  readonly #committers: Committer[] = []
  readonly #transactors: Transactor[] = []
  readonly #transactions: TransactionLedger
  #events = 0

  constructor(history: History, machine: Machine) {
    this.#history = history
    this.#machine = machine
    const ids = Array.from({ length: history.brokers }, (_, i) => i + 1)
    this.#seats = ids.map((id) => new BrokerSeat(machine, id, history.properties))
    this.#ledger = new Ledger(machine)
    this.#transactions = new TransactionLedger(machine)
    const metadata = new MetadataOnDisk(machine)
    this.#troubles = new Troubles(machine, this.#seats, metadata)
    this.#aftermath = new Aftermath(machine, this.#seats, metadata, this.#ledger)
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
    if (this.#history.transactors > 0 && !mayLose) await this.#beginTransactions()
    for (let i = 0; i < this.#history.committers; i++) {
      const client = this.#newClient(`committer-${i}`)
      this.#committers.push(new Committer(client, `group-${i}`, committedTopic.name, mayLose))
    }
  }

  async #beginTransactions(): Promise<void> {
    const { brokers, transactors } = this.#history
    const replicationFactor = Math.min(3, brokers)
    const configs = { 'min.insync.replicas': String(Math.min(2, brokers)) }
    const plan = { name: transactionTopic, partitions: transactionPartitions, replicationFactor, configs }
    let topicId: string | undefined
    void this.#administrator.createTopic(plan).then((created) => {
      topicId = created
    })
    await this.#passUntil(60_000, 'the topic of transactions is created', () => topicId !== undefined)
    const open = (index: number) => this.#ledger.open(transactionTopic, topicId ?? '', index, false)
    const partitions = Array.from({ length: transactionPartitions }, (_, index) => open(index))
    for (let i = 0; i < transactors; i++) {
      this.#transactors.push(new Transactor(this.#newClient(`transactor-${i}`), this.#transactions, partitions))
    }
  }

  /** With the clients that the history has for it, or one of each. */
  async #createTopic(plan: TopicPlan, spare: readonly ProducerPlan[]): Promise<void> {
    const topicId = await this.#administrator.createTopic(plan)
    if (topicId === undefined) return
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
    const administrator = this.#administrator
    switch (action.kind) {
      case 'create': {
        const plan: ProducerPlan = { acks: -1, isIdempotent: true, pauseMs: 200, recordBytesMax: 100 }
        void this.#createTopic(action.topic, [plan])
        return
      }
      case 'delete':
        this.#ledger.close(action.topic)
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
        this.#troubles.befall(action)
    }
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
    for (const client of [...this.#producers, ...this.#committers, ...this.#transactors]) client.stop()
    await this.#passUntil(healingMsMax, 'everything sent is acknowledged', () => this.#isAllSent())
    for (const consumer of this.#consumers) consumer.stop()
    await this.#passUntil(
      healingMsMax,
      'all replicas are in sync',
      () => this.#aftermath.findUnfinished() === undefined,
    )
    await this.#compareLogs()
  }

  #isAllSent(): boolean {
    return (
      [...this.#producers, ...this.#committers, ...this.#transactors].every(({ isDone }) => isDone) &&
      this.#administrator.isIdle
    )
  }

  async #compareLogs(): Promise<void> {
    const reading = this.#aftermath.checkLogs().then(() => this.#checkTransactions())
    let isRead = false
    const done = reading.finally(() => {
      isRead = true
    })
    await this.#passUntil(60_000, 'all logs are read', () => isRead)
    await done
  }

  async #checkTransactions(): Promise<void> {
    const topicId = this.#ledger.partitions.find(({ topic }) => topic === transactionTopic)?.topicId
    if (topicId !== undefined) this.#transactions.check(await this.#aftermath.readCommitted(topicId))
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
        this.#machine.violate(`not so after ${withinMs / 1_000} s: ${what}. ${this.#aftermath.findUnfinished() ?? ''}`)
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

function describeAction({ kind, ...what }: Action): string {
  return `${kind} ${JSON.stringify(what)}`
}

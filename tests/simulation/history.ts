import type { ProducerPlan } from './producer.ts'
import { Random } from './random.ts'

export interface TopicPlan {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** Something that befalls the cluster. Brokers are named by their ids. */
export type Trouble =
  | { readonly kind: 'kill'; readonly broker: number; readonly downMs: number }
  | { readonly kind: 'losePower'; readonly broker: number; readonly downMs: number }
  | { readonly kind: 'stop'; readonly broker: number; readonly downMs: number }
  | { readonly kind: 'killAll'; readonly downMs: number }
  | { readonly kind: 'pause'; readonly broker: number; readonly forMs: number }
  | {
      readonly kind: 'cut'
      readonly from: number
      readonly to: number
      readonly bothWays: boolean
      readonly forMs: number
    }
  | { readonly kind: 'isolate'; readonly broker: number; readonly forMs: number }
  | {
      readonly kind: 'slowLink'
      readonly from: number
      readonly to: number
      readonly extraMs: number
      readonly forMs: number
    }
  | { readonly kind: 'slowDisk'; readonly broker: number; readonly extraMs: number; readonly forMs: number }
  | { readonly kind: 'failDisk'; readonly broker: number; readonly failures: number; readonly forMs: number }

/** Something that is asked of the cluster. */
export type Change =
  | { readonly kind: 'create'; readonly topic: TopicPlan }
  | { readonly kind: 'delete'; readonly topic: string }
  | { readonly kind: 'addPartitions'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'configure'; readonly topic: string; readonly name: string; readonly value: string }
  | { readonly kind: 'elect'; readonly isUnclean: boolean }
  | { readonly kind: 'reassign'; readonly topic: string; readonly index: number; readonly replicas: readonly number[] }

export type Action = Trouble | Change

export type ActionKind = Action['kind']

export interface TimedAction {
  readonly atMs: number
  readonly action: Action
}

/** Everything that is decided before a history begins. */
export interface History {
  readonly seed: number
  readonly brokers: number
  readonly properties: ReadonlyMap<string, string>
  readonly topics: readonly TopicPlan[]
  readonly producers: readonly { readonly topic: string; readonly index: number; readonly plan: ProducerPlan }[]
  readonly committers: number
  readonly transactors: number
  readonly durationMs: number
  readonly actions: readonly TimedAction[]
}

const faultKinds = ['kill', 'losePower', 'stop', 'killAll', 'pause', 'cut', 'isolate', 'slowLink', 'slowDisk'] as const
const adminKinds = ['create', 'delete', 'addPartitions', 'configure', 'elect', 'reassign'] as const

/** Kinds of troubles are mixed anew for each seed: where all come at once, none lasts long enough to show anything. */
export function makeHistory(seed: number): History {
  const random = new Random(seed ^ 0x4157)
  const brokers = random.pick([1, 2, 3, 3, 3, 3, 4, 5])
  const faults = random.sample(faultKinds, 1 + random.integer(4))
  const admin = random.sample(adminKinds, random.integer(3))
  if (random.chance(0.1)) return withFailingDisks(seed, random, brokers)
  const allowsUnclean = random.chance(0.15)
  const topics = makeTopics(random, brokers, faults.includes('losePower'), allowsUnclean)
  const durationMs = random.between(2_000, 8_000)
  const context = { random, brokers, topics, allowsUnclean }
  return {
    seed,
    brokers,
    properties: makeProperties(random, brokers),
    topics,
    producers: makeProducers(random, topics),
    committers: random.integer(3),
    transactors: countTransactors(seed),
    durationMs,
    actions: makeActions(context, [...faults, ...admin], durationMs),
  }
}

function withFailingDisks(seed: number, random: Random, brokers: number): History {
  const topics = makeTopics(random, brokers, false, false)
  const durationMs = random.between(2_000, 6_000)
  const context = { random, brokers, topics, allowsUnclean: false }
  return {
    seed,
    brokers,
    properties: makeProperties(random, brokers),
    topics,
    producers: makeProducers(random, topics),
    committers: random.integer(2),
    transactors: countTransactors(seed),
    durationMs,
    actions: makeActions(context, ['failDisk', 'kill', 'stop'], durationMs),
  }
}

/** From a source of its own: histories with them are otherwise those without. */
function countTransactors(seed: number): number {
  const random = new Random(seed ^ 0x7e57)
  return random.chance(0.35) ? 1 + random.integer(2) : 0
}

function makeProperties(random: Random, brokers: number): Map<string, string> {
  return new Map([
    ['broker.session.timeout.ms', String(random.pick([1_000, 3_000, 9_000]))],
    ['broker.heartbeat.interval.ms', String(random.pick([200, 500]))],
    ['replica.lag.time.max.ms', String(random.pick([500, 2_000, 10_000]))],
    ['replica.high.watermark.checkpoint.interval.ms', String(random.pick([200, 1_000, 5_000]))],
    ['log.flush.offset.checkpoint.interval.ms', String(random.pick([300, 2_000, 60_000]))],
    ['replica.fetch.wait.max.ms', String(random.pick([100, 500]))],
    ['replica.fetch.max.bytes', String(random.pick([200, 5_000, 1_048_576]))],
    ['leader.imbalance.check.interval.seconds', String(random.pick([1, 5, 300]))],
    ['metadata.log.max.record.bytes.between.snapshots', String(random.pick([500, 20_971_520]))],
    ['unclean.leader.election.interval.ms', '1000'],
    ['offsets.topic.num.partitions', '2'],
    ['offsets.topic.replication.factor', String(Math.min(3, brokers))],
    ['transaction.state.log.num.partitions', '2'],
    ['transaction.state.log.replication.factor', String(Math.min(3, brokers))],
    ['transaction.state.log.min.isr', String(Math.min(2, brokers))],
    ['default.replication.factor', String(Math.min(3, brokers))],
    ['min.insync.replicas', String(Math.min(2, brokers))],
  ])
}

function makeTopics(random: Random, brokers: number, losesPower: boolean, allowsUnclean: boolean): TopicPlan[] {
  return Array.from({ length: 1 + random.integer(2) }, (_, i) => {
    return makeTopic(random, `topic-${i}`, brokers, losesPower, allowsUnclean)
  })
}

function makeTopic(
  random: Random,
  name: string,
  brokers: number,
  losesPower: boolean,
  allowsUnclean: boolean,
): TopicPlan {
  const configs: Record<string, string> = {}
  const replicationFactor = random.chance(losesPower ? 0 : 0.15) ? 1 : Math.min(3, brokers)
  const minIsrMax = replicationFactor > 1 ? 2 : 1
  configs['min.insync.replicas'] = String(random.chance(0.75) ? minIsrMax : 1)
  if (allowsUnclean) configs['unclean.leader.election.enable'] = 'true'
  if (random.chance(0.4)) configs['segment.ms'] = String(random.pick([100, 1_000]))
  if (random.chance(0.15)) configs['flush.messages'] = '1'
  if (random.chance(0.3)) configs['index.interval.bytes'] = '64'
  return { name, partitions: 1 + random.integer(2), replicationFactor, configs }
}

function makeProducers(random: Random, topics: readonly TopicPlan[]): History['producers'] {
  return topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, index) => index).flatMap((index) =>
      Array.from({ length: 1 + random.integer(2) }, () => {
        const isIdempotent = random.chance(0.6)
        const acks = isIdempotent ? -1 : random.pick([-1, -1, 1, 0] as const)
        const plan: ProducerPlan = {
          acks,
          isIdempotent,
          pauseMs: random.pick([150, 500, 1_200]),
          recordBytesMax: random.pick([100, 30_000]),
        }
        return { topic: name, index, plan }
      }),
    ),
  )
}

interface Context {
  readonly random: Random
  readonly brokers: number
  readonly topics: readonly TopicPlan[]
  readonly allowsUnclean: boolean
}

function makeActions(context: Context, kinds: readonly ActionKind[], durationMs: number): TimedAction[] {
  const { random } = context
  const meanGapMs = random.pick([200, 500, 1_500])
  const actions: TimedAction[] = []
  for (let atMs = random.between(0, meanGapMs); atMs < durationMs; atMs += random.between(0, 2 * meanGapMs)) {
    const action = makeAction(context, random.pick(kinds), actions.length)
    if (action !== undefined) actions.push({ atMs, action })
  }
  return actions
}

function makeAction(context: Context, kind: ActionKind, number: number): Action | undefined {
  const { random, brokers, topics, allowsUnclean } = context
  const broker = 1 + random.integer(brokers)
  const other = 1 + random.integer(brokers)
  const downMs = random.chance(0.5) ? random.between(0, 300) : random.between(300, 6_000)
  const forMs = random.chance(0.5) ? random.between(10, 500) : random.between(500, 5_000)
  const topic = random.pick(topics)
  switch (kind) {
    case 'kill':
    case 'losePower':
    case 'stop':
      return { kind, broker, downMs }
    case 'killAll':
      return { kind, downMs }
    case 'pause':
      return { kind, broker, forMs }
    case 'cut':
      return broker === other ? undefined : { kind, from: broker, to: other, bothWays: random.chance(0.5), forMs }
    case 'isolate':
      return { kind, broker, forMs }
    case 'slowLink':
      return { kind, from: broker, to: other, extraMs: random.between(5, 400), forMs }
    case 'slowDisk':
      return { kind, broker, extraMs: random.between(5, 500), forMs }
    case 'failDisk':
      return { kind, broker, failures: random.pick([0.02, 0.3, 1]), forMs }
    case 'create':
      return { kind, topic: makeTopic(random, `created-${number}`, brokers, true, allowsUnclean) }
    case 'delete':
      return { kind, topic: topic.name }
    case 'addPartitions':
      return { kind, topic: topic.name, partitions: topic.partitions + 1 + random.integer(2) }
    case 'configure':
      return { kind, topic: topic.name, name: 'segment.ms', value: String(random.pick([100, 1_000, 60_000])) }
    case 'elect':
      return { kind, isUnclean: allowsUnclean && random.chance(0.5) }
    case 'reassign': {
      const ids = Array.from({ length: brokers }, (_, i) => i + 1)
      const replicas = random.sample(ids, Math.min(topic.replicationFactor, brokers))
      return { kind, topic: topic.name, index: random.integer(topic.partitions), replicas }
    }
  }
}

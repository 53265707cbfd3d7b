import { beforeAll, expect, test } from 'vitest'
import { errorCodes, errorName } from '../../broker/protocol/errors.ts'
import { initProducerId } from '../../broker/protocol/messages/22-init-producer-id.ts'
import { addPartitionsToTxn } from '../../broker/protocol/messages/24-add-partitions-to-txn.ts'
import { endTxn } from '../../broker/protocol/messages/26-end-txn.ts'
import { describeTransactions } from '../../broker/protocol/messages/65-describe-transactions.ts'
import { ClusterClient } from '../broker/cluster/cluster-client.ts'
import { type ApacheKafka, startApacheKafka } from '../support/apache-kafka.ts'
import { quickJvmOptions } from '../support/apache-kafka-jars.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { waitFor } from '../support/wait-for.ts'

const broker = 1
const topic = 'topic'
const steps = 250
const properties = { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500' }

let ours: TestCluster
let apache: ApacheKafka

beforeAll(async () => {
  apache = await startApacheKafka({ brokers: 1, jvmOptions: quickJvmOptions, properties })
  ours = await startTestCluster({ brokers: 1, properties }).catch(async (error: unknown) => {
    await apache.stop()
    throw error
  })
  return () => Promise.all([ours.stop(), apache.stop()])
})

interface Identity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** What a coordinator was asked and said, with producer ids as numbers in the order in which they came. */
class Conversation {
  readonly identities: Identity[] = []
  readonly #client: ClusterClient
  readonly #transactionalId: string
  readonly #producerIds: number[] = []

  constructor(cluster: TestCluster | ApacheKafka, transactionalId: string) {
    this.#client = new ClusterClient(cluster.brokers)
    this.#transactionalId = transactionalId
  }

  async open(): Promise<void> {
    await this.#client.createTopic(topic, { partitions: 3 }).catch(() => undefined)
    const coordinator = () =>
      this.#client.coordinatorOf(this.#transactionalId, 'transactional id').catch(() => undefined)
    await waitFor('the coordinator', coordinator, { timeoutMs: 60_000 })
  }

  close(): void {
    this.#client.close()
  }

  async init(version: number, expected: Identity = { producerId: -1, producerEpoch: -1 }): Promise<string> {
    const request = { transactionalId: this.#transactionalId, transactionTimeoutMs: 60_000, ...expected }
    const answer = await this.#patiently(() => this.#client.send(broker, initProducerId, version, request))
    return this.#tell(answer)
  }

  async add(version: number, identity: Identity, partition: number, verifyOnly: boolean): Promise<string> {
    const topics = [{ name: topic, partitions: [partition] }]
    const { producerId, producerEpoch } = identity
    const answer = await this.#patiently(async () => {
      const response = await this.#client.send(
        broker,
        addPartitionsToTxn,
        version,
        version < 4
          ? {
              v3AndBelowTransactionalId: this.#transactionalId,
              v3AndBelowProducerId: producerId,
              v3AndBelowProducerEpoch: producerEpoch,
              v3AndBelowTopics: topics,
            }
          : {
              transactions: [{ transactionalId: this.#transactionalId, producerId, producerEpoch, verifyOnly, topics }],
            },
      )
      const results = version < 4 ? response.resultsByTopicV3AndBelow : response.resultsByTransaction[0]?.topicResults
      return { errorCode: results?.[0]?.resultsByPartition[0]?.partitionErrorCode ?? -1 }
    })
    return errorName(answer.errorCode)
  }

  async end(version: number, identity: Identity, committed: boolean): Promise<string> {
    const request = { transactionalId: this.#transactionalId, ...identity, committed }
    const answer = await this.#patiently(() => this.#client.send(broker, endTxn, version, request))
    return this.#tell(version < 5 ? { errorCode: answer.errorCode } : answer)
  }

  /** Once nothing is being ended. */
  async describe(): Promise<string> {
    const state = await waitFor('the transaction to rest', async () => {
      const request = { transactionalIds: [this.#transactionalId] }
      const { transactionStates } = await this.#client.send(broker, describeTransactions, 0, request)
      const found = transactionStates[0]
      return found?.transactionState.startsWith('Prepare') ? undefined : found
    })
    const partitions = state.topics.flatMap(({ partitions }) => partitions).toSorted()
    return `${state.transactionState} ${this.#nameOf(state.producerId)}/${state.producerEpoch} [${partitions}]`
  }

  #tell({ errorCode, producerId, producerEpoch }: { errorCode: number } & Partial<Identity>): string {
    if (producerId === undefined || producerEpoch === undefined || producerId < 0) return errorName(errorCode)
    this.identities.push({ producerId, producerEpoch })
    return `${errorName(errorCode)} ${this.#nameOf(producerId)}/${producerEpoch}`
  }

  #nameOf(producerId: number): number {
    const known = this.#producerIds.indexOf(producerId)
    return known === -1 ? this.#producerIds.push(producerId) - 1 : known
  }

  /** Ours waits a little before it says so; both mean that the client has to wait. */
  #patiently<Answer extends { errorCode: number }>(send: () => Promise<Answer>): Promise<Answer> {
    return waitFor('an answer that is not to be asked for again', async () => {
      const answer = await send()
      return passing.includes(answer.errorCode) ? undefined : answer
    })
  }
}

const passing: readonly number[] = [
  errorCodes.CONCURRENT_TRANSACTIONS,
  errorCodes.NOT_COORDINATOR,
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
]

type Ask = (conversation: Conversation) => Promise<string>

/** A question whose answer depends on what was answered before, the same for both. */
function nextQuestion(random: () => number, known: number, versions: readonly (0 | 2)[]): [string, Ask] {
  const below = (n: number) => Math.floor(random() * n)
  const back = below(4) === 0 ? below(4) : 0
  const drift = below(8) === 0 ? below(3) - 1 : 0
  const at = Math.max(0, known - 1 - back)
  const identityOf = ({ identities }: Conversation) => {
    const { producerId = -1, producerEpoch = -1 } = identities[at] ?? {}
    return { producerId, producerEpoch: Math.max(0, producerEpoch + drift) }
  }
  const who = `#${at}${drift === 0 ? '' : drift}`
  const hasEpochs = versions[below(versions.length)] === 2
  const chance = random()
  if (known === 0 || chance < 0.08) return ['init', (asked) => asked.init(4)]
  if (chance < 0.2) return [`init ${who}`, (asked) => asked.init(4, identityOf(asked))]
  if (chance < 0.55) {
    const version = hasEpochs ? 5 : 3
    const partition = below(3)
    const isVerify = hasEpochs && below(4) === 0
    const what = `${isVerify ? 'verify' : 'add'} v${version} ${partition} ${who}`
    return [what, (asked) => asked.add(version, identityOf(asked), partition, isVerify)]
  }
  const isCommit = below(2) === 0
  const version = hasEpochs ? 5 : 4
  const what = `${isCommit ? 'commit' : 'abort'} v${version} ${who}`
  return [what, (asked) => asked.end(version, identityOf(asked), isCommit)]
}

test.each([
  [1, [0]],
  [2, [2]],
  [3, [2]],
  [4, [0, 2]],
] as const)(
  'a coordinator says what that of Apache Kafka 4.3.1 says, conversation %i',
  { timeout: 300_000 },
  async (seed, versions) => {
    const random = seededRandom(seed * 0x9e3779b9)
    const [our, their] = [ours, apache].map((cluster) => new Conversation(cluster, `conversation-${seed}`))
    if (our === undefined || their === undefined) throw new Error('Two clusters make two conversations')
    const conversations = [our, their]
    await Promise.all(conversations.map((conversation) => conversation.open()))
    const said: string[] = []
    for (let step = 0; step < steps; step++) {
      const [what, ask] = nextQuestion(random, our.identities.length, versions)
      const answers = await Promise.all(
        conversations.map(async (conversation) => {
          const answer = await ask(conversation)
          return `${answer}, ${conversation.identities.length === 0 ? '' : await conversation.describe()}`
        }),
      )
      said.push(`${what}: ${answers[0]}`)
      expect(answers[0], `${said.slice(-12).join('\n')}\nApache Kafka: ${answers[1]}`).toBe(answers[1])
    }
    for (const conversation of conversations) conversation.close()
  },
)

import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { findCoordinator } from '../../broker/protocol/messages/10-find-coordinator.ts'
import { initProducerId } from '../../broker/protocol/messages/22-init-producer-id.ts'
import { endTxn } from '../../broker/protocol/messages/26-end-txn.ts'
import { buildBatch } from '../../broker/record/build-batch.ts'
import type { LedgerPartition } from './ledger.ts'
import { requireNone, type SimulatedClient } from './simulated-client.ts'
import type { TransactionLedger } from './transaction-ledger.ts'

const transactionKey = 1
const transactionTimeoutMs = 5_000

interface Identity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** Runs transactions that write their name to each of its partitions; after any trouble it begins anew. */
export class Transactor {
  readonly #client: SimulatedClient
  readonly #ledger: TransactionLedger
  readonly #partitions: readonly LedgerPartition[]
  #next = 0
  /** Something may be open that a new identity has to end. */
  #isOpen = true
  #isStopping = false
  isDone = false

  constructor(client: SimulatedClient, ledger: TransactionLedger, partitions: readonly LedgerPartition[]) {
    this.#client = client
    this.#ledger = ledger
    this.#partitions = partitions
    void this.#run()
  }

  stop(): void {
    this.#isStopping = true
  }

  async #run(): Promise<void> {
    const isOver = () => this.#isStopping && !this.#isOpen
    const { machine } = this.#client
    while (!isOver()) {
      await this.#client.persist(isOver, async () => {
        const coordinatorId = await this.#findCoordinator()
        let identity = await this.#takeIdentity(coordinatorId)
        this.#isOpen = false
        while (!this.#isStopping) {
          identity = await this.#transact(coordinatorId, identity)
          await this.#client.sleep(machine.random.between(10, 600))
        }
      })
    }
    this.isDone = true
  }

  async #findCoordinator(): Promise<number> {
    const request = { keyType: transactionKey, coordinatorKeys: [this.#client.name] }
    const { coordinators } = await this.#client.sendToAny(findCoordinator, 4, request)
    requireNone(coordinators[0]?.errorCode)
    return coordinators[0]?.nodeId ?? -1
  }

  async #takeIdentity(coordinatorId: number): Promise<Identity> {
    const request = { transactionalId: this.#client.name, transactionTimeoutMs }
    const { errorCode, ...identity } = await this.#client.send(coordinatorId, initProducerId, 5, request)
    requireNone(errorCode)
    return identity
  }

  /** @returns who the producer is in the next transaction (KIP-890): its sequences begin at 0 again. */
  async #transact(coordinatorId: number, identity: Identity): Promise<Identity> {
    const { random } = this.#client.machine
    const transaction = this.#ledger.begin(`${this.#client.name}!${this.#next++}`)
    this.#isOpen = true
    for (const partition of this.#partitions) {
      await this.#write(partition, identity, transaction.name)
      transaction.sentTo += 1
      if (random.chance(0.3)) await this.#client.sleep(random.between(0, 300))
    }
    const committed = random.chance(0.7)
    if (committed) transaction.outcome = 'undecided'
    const request = { transactionalId: this.#client.name, ...identity, committed }
    const { errorCode, producerId, producerEpoch } = await this.#client.send(coordinatorId, endTxn, 5, request)
    requireNone(errorCode)
    if (committed) transaction.outcome = 'committed'
    this.#isOpen = false
    return { producerId, producerEpoch }
  }

  async #write(partition: LedgerPartition, identity: Identity, value: string): Promise<void> {
    const { leaderId } = await this.#client.findLeader(partition)
    const timestampMs = this.#client.process.clock.nowMs()
    const batch = { records: [{ key: null, value: Buffer.from(value) }], ...identity, baseSequence: 0 }
    const records = buildBatch({ ...batch, timestampMs, isTransactional: true })
    const partitionData = [{ index: partition.index, records }]
    const { responses } = await this.#client.send(leaderId, produce, 13, {
      transactionalId: this.#client.name,
      acks: -1,
      timeoutMs: 3_000,
      topicData: [{ topicId: partition.topicId, partitionData }],
    })
    requireNone(responses[0]?.partitionResponses[0]?.errorCode)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionLost } from '../../../broker/network/connection.ts'
import { waitFor } from '../../support/wait-for.ts'
import { type ClusterClient, RefusedError } from './cluster-client.ts'
import { type CommittedRecords, fetchCommitted } from './read-committed.ts'
import { TransactionalProducer } from './transactional-producer.ts'

const recordsInTransaction = 5
const retryMs = 20

export interface Copy {
  readonly from: { readonly topic: string; readonly index: number }
  readonly to: { readonly topic: string; readonly partitions: number }
  readonly group: string
  readonly version: 0 | 2
}

/**
 * Copies one partition, each few records in a transaction together with the offset behind them, of which every fourth is
 * aborted at first. After anything that ends a transaction otherwise it begins again where the group's offset is.
 */
export class ExactlyOnceCopier {
  /** Transactions that were committed, as far as it knows. */
  committed = 0
  readonly #client: ClusterClient
  readonly #copy: Copy
  readonly #running: Promise<void>
  #upTo = Number.POSITIVE_INFINITY
  #transactions = 0

  constructor(client: ClusterClient, copy: Copy) {
    this.#client = client
    this.#copy = copy
    this.#running = this.#run()
    // Reported by `finish`.
    this.#running.catch(() => undefined)
  }

  /** Resolves when everything below the offset is copied. */
  async finish(upTo: number): Promise<void> {
    this.#upTo = upTo
    await this.#running
  }

  async #run(): Promise<void> {
    for (;;) {
      try {
        if (await this.#copyUntilTrouble()) return
      } catch (error) {
        if (!(error instanceof RefusedError) && !(error instanceof ConnectionLost)) throw error
        await sleep(retryMs)
      }
    }
  }

  /** With true when all is copied. */
  async #copyUntilTrouble(): Promise<boolean> {
    const { group, from, version } = this.#copy
    const producer = await TransactionalProducer.init(this.#client, group, { version, timeoutMs: 20_000 })
    let nextOffset = Math.max(0, await this.#findOffset())
    let records: CommittedRecords['records'] = []
    while (records.length > 0 || nextOffset < this.#upTo) {
      if (records.length === 0) {
        const fetched = await fetchCommitted(this.#client, from.topic, from.index, nextOffset)
        records = fetched.records
        nextOffset = fetched.nextOffset
        if (records.length === 0) await sleep(retryMs)
        continue
      }
      const taken = records.slice(0, recordsInTransaction)
      await this.#write(producer, taken)
      await producer.commitOffset(group, from.topic, from.index, (taken.at(-1)?.offset ?? 0) + 1)
      this.#transactions += 1
      const isCommit = this.#transactions % 4 !== 0
      await producer.end(isCommit)
      if (!isCommit) continue
      records = records.slice(taken.length)
      this.committed += 1
    }
    return true
  }

  async #write(producer: TransactionalProducer, records: CommittedRecords['records']): Promise<void> {
    const { to, version } = this.#copy
    const values = records.map(({ value }) => value)
    for (let index = 0; index < to.partitions; index++) {
      const own = values.filter((value) => Number(value.split('-')[1]) % to.partitions === index)
      if (own.length === 0) continue
      if (version < 2) await producer.add(to.topic, index)
      await producer.write(to.topic, index, own)
    }
  }

  /** What is certain: not before the last transaction of whoever had the group before has ended. */
  #findOffset(): Promise<number> {
    const { group, from } = this.#copy
    return waitFor(
      'a stable offset',
      () =>
        this.#client.committedOffset(group, from.topic, from.index, { isStable: true }).catch((error: unknown) => {
          if (error instanceof RefusedError || error instanceof ConnectionLost) return undefined
          throw error
        }),
      { timeoutMs: 60_000 },
    )
  }
}

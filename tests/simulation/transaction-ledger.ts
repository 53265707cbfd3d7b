import type { Machine } from './machine.ts'

export interface Transaction {
  readonly name: string
  /** Undecided while a commit was asked for and not answered: then all of it or nothing. */
  outcome: 'aborted' | 'undecided' | 'committed'
  /** How many partitions were sent a record of it. */
  sentTo: number
}

/** What became of each transaction according to who ran it, and whether readers of committed records see the same. */
export class TransactionLedger {
  readonly #machine: Machine
  readonly #transactions: Transaction[] = []

  constructor(machine: Machine) {
    this.#machine = machine
  }

  begin(name: string): Transaction {
    const transaction: Transaction = { name, outcome: 'aborted', sentTo: 0 }
    this.#transactions.push(transaction)
    return transaction
  }

  /** `committed`: what is read of each partition. Each transaction writes its name to each of them, once. */
  check(committed: readonly (readonly string[])[]): void {
    for (const { name, outcome, sentTo } of this.#transactions) {
      const counts = committed.map((values) => values.filter((value) => value === name).length)
      const isWhole = sentTo === committed.length && counts.every((count) => count === 1)
      const isNothing = counts.every((count) => count === 0)
      const isRight = { committed: isWhole, aborted: isNothing, undecided: isWhole || isNothing }[outcome]
      if (!isRight) this.#machine.violate(`${name} was ${outcome}, and is read ${counts.join(' and ')} times`)
    }
  }
}

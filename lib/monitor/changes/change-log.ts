import { randomUUID } from 'node:crypto'
import type { ChangeRow } from '../../contract/change.ts'
import type { FoundChange } from './find-changes.ts'

/** As many as the page shows. */
export const changesMax = 500
/** A change made through the console is seen in the round that it asked for, or in the next. */
const claimMsMax = 30_000

/** The last changes of one cluster, newest first, in memory; who owns it stores them. */
export class ChangeLog {
  #changes: readonly ChangeRow[]
  #unstored: readonly ChangeRow[] = []
  readonly #claims: { code: ChangeRow['code']; subjectId: string; actor: string; atMs: number }[] = []

  /** Takes over what an earlier process stored, newest first. */
  constructor(stored: readonly ChangeRow[] = []) {
    this.#changes = stored
  }

  get changes(): readonly ChangeRow[] {
    return this.#changes
  }

  /** Says that the next such change is of `actor`'s making. */
  claim(code: ChangeRow['code'], subjectId: string, actor: string, atMs: number): void {
    this.#claims.push({ code, subjectId, actor, atMs })
  }

  append(found: readonly FoundChange[], atMs: number): void {
    if (found.length === 0) return
    const rows = found.map((change): ChangeRow => ({ id: randomUUID(), atMs, actor: this.#actorOf(change), ...change }))
    // Those of one round are told cause first: brokers, then what became of topics and groups.
    this.#changes = [...rows, ...this.#changes].slice(0, changesMax)
    this.#unstored = [...rows, ...this.#unstored].slice(0, changesMax)
    const expired = this.#claims.findLastIndex((claim) => atMs - claim.atMs > claimMsMax)
    this.#claims.splice(0, expired + 1)
  }

  /** Hands over what is new. What `insert` rejects is handed over again the next time. */
  async store(insert: (changes: readonly ChangeRow[]) => Promise<void>): Promise<void> {
    const handed = this.#unstored
    if (handed.length === 0) return
    await insert(handed)
    const stored = new Set(handed)
    this.#unstored = this.#unstored.filter((change) => !stored.has(change))
  }

  #actorOf({ code, subject }: FoundChange): string | null {
    const index = this.#claims.findIndex((claim) => claim.code === code && claim.subjectId === subject.id)
    return index < 0 ? null : (this.#claims.splice(index, 1)[0]?.actor ?? null)
  }
}

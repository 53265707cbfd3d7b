import { randomUUID } from 'node:crypto'
import type { ChangeRow } from '../../contract/change.ts'
import type { FoundChange } from './find-changes.ts'

const CHANGES_MAX = 500
/** A change made through the console is seen in the round that it asked for, or in the next. */
const CLAIM_MS_MAX = 30_000

/** The last changes of one cluster, newest first, in memory. */
export class ChangeLog {
  #changes: ChangeRow[] = []
  readonly #claims: { code: ChangeRow['code']; subjectId: string; actor: string; atMs: number }[] = []

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
    this.#changes = [...rows, ...this.#changes].slice(0, CHANGES_MAX)
    const expired = this.#claims.findLastIndex((claim) => atMs - claim.atMs > CLAIM_MS_MAX)
    this.#claims.splice(0, expired + 1)
  }

  #actorOf({ code, subject }: FoundChange): string | null {
    const index = this.#claims.findIndex((claim) => claim.code === code && claim.subjectId === subject.id)
    return index < 0 ? null : (this.#claims.splice(index, 1)[0]?.actor ?? null)
  }
}

import type { AccessControlEntryRecord } from '../protocol/structures/access-control-entry-record.ts'
import { aclPatternTypes } from './acl-codes.ts'

/** One rule: a principal, from a host, may (or may not) do an operation to the resources that a pattern matches. */
export type AclEntry = AccessControlEntryRecord

/** What names any resource in a literal pattern, any host, and with `User:` any user. */
export const wildcard = '*'

interface TypeIndex {
  readonly literal: Map<string, readonly AclEntry[]>
  readonly prefixed: Map<string, readonly AclEntry[]>
  /** How many patterns there are of each length: a name is looked up once a length, not once a pattern. */
  readonly prefixLengths: Map<number, number>
}

const none: readonly AclEntry[] = []

/** The cluster's ACLs, found by the resource they speak of. */
export class AclTable {
  readonly #byId = new Map<string, AclEntry>()
  readonly #byType = new Map<number, TypeIndex>()

  get entries(): Iterable<AclEntry> {
    return this.#byId.values()
  }

  get size(): number {
    return this.#byId.size
  }

  put(entry: AclEntry): void {
    this.remove(entry.id)
    this.#byId.set(entry.id, entry)
    const index = this.#indexOf(entry.resourceType)
    const patterns = patternsOf(index, entry)
    const sharing = patterns.get(entry.resourceName)
    patterns.set(entry.resourceName, [...(sharing ?? none), entry])
    if (sharing === undefined && patterns === index.prefixed) countLength(index, entry.resourceName.length, 1)
  }

  remove(id: string): void {
    const entry = this.#byId.get(id)
    if (entry === undefined) return
    this.#byId.delete(id)
    const index = this.#indexOf(entry.resourceType)
    const patterns = patternsOf(index, entry)
    const left = (patterns.get(entry.resourceName) ?? none).filter((other) => other.id !== id)
    if (left.length > 0) {
      patterns.set(entry.resourceName, left)
      return
    }
    patterns.delete(entry.resourceName)
    if (patterns === index.prefixed) countLength(index, entry.resourceName.length, -1)
  }

  replaceWith(other: AclTable): void {
    for (const id of [...this.#byId.keys()]) if (!other.#byId.has(id)) this.remove(id)
    for (const entry of other.#byId.values()) if (!this.#byId.has(entry.id)) this.put(entry)
  }

  /** Calls back with each list of entries whose patterns match the name; returns early when `visit` returns false. */
  visitMatching(resourceType: number, name: string, visit: (entries: readonly AclEntry[]) => boolean): void {
    const index = this.#byType.get(resourceType)
    if (index === undefined) return
    const literal = index.literal.get(name)
    if (literal !== undefined && !visit(literal)) return
    for (const length of index.prefixLengths.keys()) {
      if (length > name.length) continue
      const prefixed = index.prefixed.get(name.slice(0, length))
      if (prefixed !== undefined && !visit(prefixed)) return
    }
    const any = name === wildcard ? undefined : index.literal.get(wildcard)
    if (any !== undefined) visit(any)
  }

  *ofType(resourceType: number): Iterable<AclEntry> {
    const index = this.#byType.get(resourceType)
    if (index === undefined) return
    for (const entries of index.literal.values()) yield* entries
    for (const entries of index.prefixed.values()) yield* entries
  }

  #indexOf(resourceType: number): TypeIndex {
    const known = this.#byType.get(resourceType)
    if (known !== undefined) return known
    const index: TypeIndex = { literal: new Map(), prefixed: new Map(), prefixLengths: new Map() }
    this.#byType.set(resourceType, index)
    return index
  }
}

function patternsOf(index: TypeIndex, { patternType }: AclEntry) {
  return patternType === aclPatternTypes.prefixed ? index.prefixed : index.literal
}

function countLength({ prefixLengths }: TypeIndex, length: number, change: number): void {
  const count = (prefixLengths.get(length) ?? 0) + change
  if (count === 0) prefixLengths.delete(length)
  else prefixLengths.set(length, count)
}

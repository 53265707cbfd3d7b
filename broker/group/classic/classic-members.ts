import assert from 'node:assert'

export interface GroupProtocol {
  name: string
  metadata: Buffer
}

export interface ClassicMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly protocolType: string
  /** In the member's order of preference. */
  protocols: readonly GroupProtocol[]
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  assignment: Buffer
  /** The JoinGroup that waits for an answer. Set through `ClassicMembers`, which counts them. */
  joinRequest: number | undefined
  /** The SyncGroup that waits for an answer. */
  syncRequest: number | undefined
  /** Until its first join is answered the member does not know its id and cannot send heartbeats. */
  isNew: boolean
}

/**
 * The members of one classic group: who leads, who is static, who waits in a join, and which protocols all of them
 * support. Knows nothing of states and time.
 */
export class ClassicMembers {
  readonly #byId = new Map<string, ClassicMember>()
  readonly #idByInstance = new Map<string, string>()
  /** How many members support each protocol. */
  readonly #support = new Map<string, number>()
  #joiningCount = 0
  #leaderId: string | undefined

  constructor(leaderId?: string) {
    this.#leaderId = leaderId
  }

  get size(): number {
    return this.#byId.size
  }

  get leaderId(): string | undefined {
    return this.#leaderId
  }

  /** Members whose JoinGroup waits for an answer. */
  get joiningCount(): number {
    return this.#joiningCount
  }

  get haveAllJoined(): boolean {
    return this.#joiningCount === this.#byId.size
  }

  /** The longest of any member, which is what the group grants all. */
  get rebalanceTimeoutMs(): number {
    let longest = 0
    for (const member of this.#byId.values()) longest = Math.max(longest, member.rebalanceTimeoutMs)
    return longest
  }

  [Symbol.iterator](): IterableIterator<ClassicMember> {
    return this.#byId.values()
  }

  find(memberId: string): ClassicMember | undefined {
    return this.#byId.get(memberId)
  }

  /** @throws when there is none: the caller has checked. */
  get(memberId: string): ClassicMember {
    const member = this.#byId.get(memberId)
    assert(member !== undefined, `member ${memberId} is not in the group`)
    return member
  }

  has(memberId: string): boolean {
    return this.#byId.has(memberId)
  }

  findStaticId(groupInstanceId: string): string | undefined {
    return this.#idByInstance.get(groupInstanceId)
  }

  add(member: ClassicMember): void {
    this.#byId.set(member.memberId, member)
    if (member.groupInstanceId !== null) this.#idByInstance.set(member.groupInstanceId, member.memberId)
    this.#countProtocols(member, 1)
    if (member.joinRequest !== undefined) this.#joiningCount += 1
    this.#leaderId ??= member.memberId
  }

  remove(memberId: string): void {
    const member = this.#byId.get(memberId)
    if (member === undefined) return
    this.#byId.delete(memberId)
    if (member.groupInstanceId !== null) this.#idByInstance.delete(member.groupInstanceId)
    this.#countProtocols(member, -1)
    if (member.joinRequest !== undefined) this.#joiningCount -= 1
    if (this.#leaderId === memberId) this.#leaderId = this.#byId.keys().next().value
  }

  /** Gives a static member another id, as when its process was restarted (KIP-345). Its own requests stop waiting. */
  replaceStatic(oldMemberId: string, newMemberId: string): ClassicMember {
    const old = this.get(oldMemberId)
    this.takeJoinRequest(old)
    const replacement = { ...old, memberId: newMemberId, syncRequest: undefined, isNew: false }
    this.#byId.delete(oldMemberId)
    this.#byId.set(newMemberId, replacement)
    if (old.groupInstanceId !== null) this.#idByInstance.set(old.groupInstanceId, newMemberId)
    if (this.#leaderId === oldMemberId) this.#leaderId = newMemberId
    return replacement
  }

  setProtocols(member: ClassicMember, protocols: readonly GroupProtocol[]): void {
    this.#countProtocols(member, -1)
    member.protocols = protocols
    this.#countProtocols(member, 1)
  }

  setJoinRequest(member: ClassicMember, request: number): void {
    if (member.joinRequest === undefined) this.#joiningCount += 1
    member.joinRequest = request
  }

  takeJoinRequest(member: ClassicMember): number | undefined {
    const request = member.joinRequest
    if (request !== undefined) this.#joiningCount -= 1
    member.joinRequest = undefined
    return request
  }

  /** Whether every member supports at least one of these. */
  supportAnyOf(protocols: readonly GroupProtocol[]): boolean {
    return protocols.some(({ name }) => (this.#support.get(name) ?? 0) === this.size)
  }

  /** Each member votes for the first protocol of its list that all support; the most votes win. At least one member. */
  electProtocol(): string {
    const votes = new Map<string, number>()
    for (const member of this) {
      const vote = member.protocols.find(({ name }) => this.#support.get(name) === this.size)
      assert(vote !== undefined, `member ${member.memberId} supports no protocol that all support`)
      votes.set(vote.name, (votes.get(vote.name) ?? 0) + 1)
    }
    const [first, ...others] = votes
    assert(first !== undefined, 'a group without members elects no protocol')
    return others.reduce((best, candidate) => (candidate[1] > best[1] ? candidate : best), first)[0]
  }

  /** The leader stays when it has joined again. False when there is no leader or nobody has joined. */
  electJoinedLeader(): boolean {
    if (this.#leaderId === undefined) return false
    if (this.#byId.get(this.#leaderId)?.joinRequest !== undefined) return true
    for (const member of this) {
      if (member.joinRequest === undefined) continue
      this.#leaderId = member.memberId
      return true
    }
    return false
  }

  #countProtocols(member: ClassicMember, by: number): void {
    for (const { name } of member.protocols) this.#support.set(name, (this.#support.get(name) ?? 0) + by)
  }
}

/** What the member said about itself under one protocol; consumers put their subscription there. */
export function protocolMetadata(member: ClassicMember, protocolName: string): Buffer {
  const protocol = member.protocols.find(({ name }) => name === protocolName)
  assert(protocol !== undefined, `member ${member.memberId} does not support ${protocolName}`)
  return protocol.metadata
}

export function hasSameProtocols(member: ClassicMember, protocols: readonly GroupProtocol[]): boolean {
  if (member.protocols.length !== protocols.length) return false
  return member.protocols.every((own, i) => {
    const other = protocols[i]
    return other !== undefined && own.name === other.name && own.metadata.equals(other.metadata)
  })
}

interface Contact {
  connectionId: string | undefined
  atMs: number
  /** The next metadata record that the broker will apply, as far as it has told. */
  metadataOffset: number
  /** The end of the log when this broker began its controlled shutdown. */
  shutdownOffset: number | undefined
  /** When it is given up if it does not come back; undefined while its connection is open. */
  giveUpAtMs: number | undefined
}

export interface LivenessLimits {
  /** A broker that is connected, but silent for this long is taken for hung. */
  readonly sessionTimeoutMs: number
  /** A broker whose connection closed has this long to come back. */
  readonly disconnectGraceMs: number
}

/**
 * When the controller last heard of each broker. Volatile: a new controller starts with everyone in the grace. Times
 * are of the monotonic clock.
 */
export class BrokerLiveness {
  readonly #limits: LivenessLimits
  readonly #contacts = new Map<number, Contact>()

  constructor(limits: LivenessLimits) {
    this.#limits = limits
  }

  /** A new controller expects these brokers to find it. */
  expect(brokerIds: Iterable<number>, nowMs: number): void {
    for (const brokerId of brokerIds) {
      const giveUpAtMs = nowMs + this.#limits.disconnectGraceMs
      this.#contacts.set(brokerId, { ...newContact(nowMs), giveUpAtMs })
    }
  }

  register(brokerId: number, connectionId: string, nowMs: number): void {
    this.#contacts.set(brokerId, { ...newContact(nowMs), connectionId })
  }

  heartbeat(brokerId: number, connectionId: string, metadataOffset: number, nowMs: number): void {
    const contact = this.#contacts.get(brokerId) ?? newContact(nowMs)
    contact.connectionId = connectionId
    contact.atMs = nowMs
    contact.giveUpAtMs = undefined
    this.#contacts.set(brokerId, contact)
    this.reachMetadata(brokerId, metadataOffset)
  }

  /** Brokers tell what they applied in heartbeats, and sooner by what they fetch next. */
  reachMetadata(brokerId: number, metadataOffset: number): void {
    const contact = this.#contacts.get(brokerId)
    if (contact !== undefined) contact.metadataOffset = Math.max(contact.metadataOffset, metadataOffset)
  }

  metadataOffset(brokerId: number): number {
    return this.#contacts.get(brokerId)?.metadataOffset ?? -1
  }

  startShutdown(brokerId: number, endOffset: number): void {
    const contact = this.#contacts.get(brokerId)
    if (contact !== undefined) contact.shutdownOffset = endOffset
  }

  shutdownOffset(brokerId: number): number | undefined {
    return this.#contacts.get(brokerId)?.shutdownOffset
  }

  disconnected(connectionId: string, nowMs: number): void {
    for (const contact of this.#contacts.values()) {
      if (contact.connectionId !== connectionId) continue
      contact.connectionId = undefined
      contact.giveUpAtMs = nowMs + this.#limits.disconnectGraceMs
    }
  }

  /** Whether another process may not take the broker's id. A process whose connection closed is gone. */
  hasSession(brokerId: number, nowMs: number): boolean {
    const contact = this.#contacts.get(brokerId)
    return contact?.connectionId !== undefined && nowMs < contact.atMs + this.#limits.sessionTimeoutMs
  }

  isExpired(brokerId: number, nowMs: number): boolean {
    return nowMs >= this.expiresAtMs(brokerId)
  }

  /** When a broker will be given up if nothing is heard of it. */
  expiresAtMs(brokerId: number): number {
    const contact = this.#contacts.get(brokerId)
    if (contact === undefined) return Number.NEGATIVE_INFINITY
    return contact.giveUpAtMs ?? contact.atMs + this.#limits.sessionTimeoutMs
  }
}

function newContact(nowMs: number): Contact {
  return {
    connectionId: undefined,
    atMs: nowMs,
    metadataOffset: -1,
    shutdownOffset: undefined,
    giveUpAtMs: undefined,
  }
}

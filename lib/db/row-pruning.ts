import { setTimeout as delay } from 'node:timers/promises'
import type { PrismaClient } from '../../prisma/generated/client.ts'

export interface RowPruningOptions {
  readonly prisma: PrismaClient
  readonly clock: { nowMs(): number }
  readonly log: { error(details: { error: unknown }, message: string): void }
}

const dayMs = 24 * 3_600_000
/** Who changed what is asked for at the yearly audit, some weeks after the year. */
const keptDays = { changes: 30, incidents: 90, deliveries: 90, auditEntries: 400 } as const

/** Deletes at the start and once a day the rows that are older than is kept. Series have partitions of their own. */
export class RowPruning {
  readonly #options: RowPruningOptions
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: RowPruningOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { prisma, clock, log } = this.#options
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await pruneRows(prisma, clock.nowMs()).catch((error: unknown) =>
        log.error({ error }, 'old rows could not be deleted'),
      )
      await delay(dayMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** What is open, waits to be delivered or is signed in stays, however old it is. Deliveries go with their incident. */
export async function pruneRows(prisma: PrismaClient, nowMs: number): Promise<void> {
  const before = (days: number) => ({ lt: new Date(nowMs - days * dayMs) })
  await prisma.change.deleteMany({ where: { at: before(keptDays.changes) } })
  await prisma.incident.deleteMany({ where: { resolvedAt: before(keptDays.incidents) } })
  await prisma.delivery.deleteMany({
    where: { createdAt: before(keptDays.deliveries), status: { not: 'waiting' }, incidentId: null },
  })
  await prisma.auditEntry.deleteMany({ where: { at: before(keptDays.auditEntries) } })
  await prisma.session.deleteMany({ where: { expiresAt: before(0) } })
}

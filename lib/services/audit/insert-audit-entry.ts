import { Prisma } from '../../../prisma/generated/client.ts'
import type { Database, Transaction } from '../../db/database.ts'
import type { AuditRow } from '../acting.ts'

/** `clusterId` is null for acts that concern no cluster: rules, channels, accounts. */
export type AuditEntryInput = Omit<AuditRow, 'clusterId'> & { readonly clusterId: string | null }

/** Writes who changed what; inside the transaction of the change where there is one. Values must hold no secrets. */
export async function insertAuditEntry(db: Database['prisma'] | Transaction, row: AuditEntryInput): Promise<void> {
  await db.auditEntry.create({
    data: {
      actorId: row.user.id,
      actorEmail: row.user.email,
      action: row.action,
      clusterId: row.clusterId,
      subject: row.subject,
      before: toJson(row.before),
      after: toJson(row.after),
      error: row.error,
    },
  })
}

function toJson(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null || value === undefined
    ? Prisma.DbNull
    : (JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue)
}

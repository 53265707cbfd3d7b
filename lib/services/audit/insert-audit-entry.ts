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

/** Absent is SQL's null; what is there is kept as JSON writes it, dates and big numbers as text. */
function toJson(value: unknown) {
  return value === null || value === undefined ? undefined : JSON.parse(JSON.stringify(value, bigintAsText))
}

function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

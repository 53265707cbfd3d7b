import { type ChangeRow, changeRow } from '../../contract/change.ts'
import type { PrismaClient } from '../../db/rows.ts'
import { changesMax } from './change-log.ts'

/** The last changes of a cluster, newest first. */
export async function listChanges(db: PrismaClient, clusterId: string): Promise<ChangeRow[]> {
  const rows = await db.change.findMany({ where: { clusterId }, orderBy: { sequence: 'desc' }, take: changesMax })
  return rows.map(({ id, at, code, subjectKind, subjectId, params, actor }) =>
    changeRow.parse({ id, atMs: at.getTime(), code, subject: { kind: subjectKind, id: subjectId }, params, actor }),
  )
}

/** `changes` are newest first. Those that are there already are left as they are. */
export async function insertChanges(db: PrismaClient, clusterId: string, changes: readonly ChangeRow[]): Promise<void> {
  await db.change.createMany({
    data: changes.toReversed().map(({ id, atMs, code, subject, params, actor }) => ({
      id,
      clusterId,
      at: new Date(atMs),
      code,
      subjectKind: subject.kind,
      subjectId: subject.id,
      params,
      actor,
    })),
    skipDuplicates: true,
  })
}

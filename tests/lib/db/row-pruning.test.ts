import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { pruneRows } from '../../../lib/db/row-pruning.ts'
import { createTestDatabase } from '../../support/test-database.ts'

const nowMs = Date.parse('2026-11-23T12:00:00Z')
const dayMs = 24 * 3_600_000
const daysAgo = (days: number) => new Date(nowMs - days * dayMs)

test('what is older than is kept is deleted, and nothing that is still open', async () => {
  const database = await createTestDatabase()
  const { prisma } = database
  const incident = (resolvedAt: Date | null) => ({
    id: randomUUID(),
    clusterId: 'main',
    ruleId: 'broker_down',
    subjectKind: 'broker',
    subjectId: '1',
    severity: 'critical',
    state: resolvedAt === null ? 'firing' : 'resolved',
    params: {},
    pendingSince: daysAgo(200),
    heldMs: 0,
    resolvedAt,
  })
  const delivery = (incidentId: string | null, status: string, at: Date) => ({
    id: randomUUID(),
    incidentId,
    channelName: 'ops',
    kind: 'fire',
    sequence: 1,
    idempotencyKey: randomUUID(),
    payload: {},
    status,
    createdAt: at,
    notBefore: at,
  })
  const change = (at: Date) => ({
    id: randomUUID(),
    clusterId: 'main',
    at,
    code: 'topicDeleted',
    subjectKind: 'topic',
    subjectId: 'orders',
    params: {},
  })
  const audit = (at: Date) => ({ at, actorId: '1', actorEmail: 'ann@example.org', action: 'x', subject: 'y' })
  const [open, recent, old] = [incident(null), incident(daysAgo(89)), incident(daysAgo(91))]
  await prisma.incident.createMany({ data: [open, recent, old] })
  const kept = [
    delivery(open.id, 'delivered', daysAgo(200)),
    delivery(recent.id, 'delivered', daysAgo(89)),
    delivery(null, 'waiting', daysAgo(200)),
  ]
  const gone = [delivery(old.id, 'failed', daysAgo(91)), delivery(null, 'delivered', daysAgo(91))]
  await prisma.delivery.createMany({ data: [...kept, ...gone] })
  await prisma.change.createMany({ data: [change(daysAgo(29)), change(daysAgo(31))] })
  await prisma.auditEntry.createMany({ data: [audit(daysAgo(399)), audit(daysAgo(401))] })

  await pruneRows(prisma, nowMs)

  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).toSorted()
  expect(ids(await prisma.incident.findMany())).toEqual(ids([open, recent]))
  expect(ids(await prisma.delivery.findMany())).toEqual(ids(kept))
  expect((await prisma.change.findMany()).map(({ at }) => at)).toEqual([daysAgo(29)])
  expect((await prisma.auditEntry.findMany()).map(({ at }) => at)).toEqual([daysAgo(399)])
  await database.close()
})

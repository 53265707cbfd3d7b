import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role, SessionUser } from '../../../lib/contract/session.ts'
import { AlertEngine } from '../../../lib/monitor/alert/alert-engine.ts'
import { listAlertRules } from '../../../lib/services/alerts/list-alert-rules.ts'
import type { ManagingAlerts } from '../../../lib/services/alerts/managing-alerts.ts'
import { updateAlertRule } from '../../../lib/services/alerts/update-alert-rule.ts'
import { createChannel } from '../../../lib/services/channels/create-channel.ts'
import { deleteChannel } from '../../../lib/services/channels/delete-channel.ts'
import { listChannels } from '../../../lib/services/channels/list-channels.ts'
import { testChannel } from '../../../lib/services/channels/test-channel.ts'
import { updateChannel } from '../../../lib/services/channels/update-channel.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'
import { WebhookReceiver } from '../monitor/alert/webhook-receiver.ts'

let database: TestDatabase
let receiver: WebhookReceiver
let alerts: AlertEngine
beforeEach(async () => {
  ;[database, receiver] = await Promise.all([createTestDatabase(), WebhookReceiver.start()])
  alerts = new AlertEngine({
    database,
    clock: { nowMs: () => Date.now() },
    log: { warn: () => undefined, error: () => undefined },
    baseUrl: 'http://eyrie.example',
    tickMs: 5_000,
    webhookAddresses: 'any',
  })
  await alerts.start()
})
afterEach(async () => {
  await alerts.close()
  await receiver.close()
  await database.close()
})

function as(role: Role): ManagingAlerts {
  const user: SessionUser = { id: role, email: `${role}@example.org`, name: role, role }
  return { user, database, alerts }
}

function pager() {
  return { name: 'pager', url: receiver.url, secret: 'shared', isEnabled: true }
}

async function audited(): Promise<unknown[]> {
  const rows = await database.prisma.auditEntry.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ action, actorEmail, before, after, error }) => ({ action, actorEmail, before, after, error }))
}

describe('updateAlertRule', () => {
  const input = { isEnabled: true, severity: 'critical' as const, forSeconds: 5, keepFiringSeconds: 0 }

  it('changes the rule at once and for the next start, with its audit row', async () => {
    const before = listAlertRules(as('viewer')).rules.find(({ id }) => id === 'under_replicated')
    expect(before).toMatchObject({ severity: 'warning', forSeconds: 60, keepFiringSeconds: 60 })
    const after = await updateAlertRule(as('admin'), 'under_replicated', input)
    expect(after).toEqual({ id: 'under_replicated', ...input })
    expect(listAlertRules(as('viewer')).rules).toContainEqual(after)
    expect(await database.prisma.alertRule.findUnique({ where: { id: 'under_replicated' } })).toMatchObject(input)
    expect(await audited()).toEqual([
      { action: 'updateAlertRule', actorEmail: 'admin@example.org', before, after, error: null },
    ])
  })

  it('is for admins, and for rules that exist', async () => {
    await expect(updateAlertRule(as('operator'), 'under_replicated', input)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(updateAlertRule(as('admin'), 'unheard', input)).rejects.toMatchObject({ code: 'not_found' })
    expect(await audited()).toEqual([])
  })
})

describe('channels', () => {
  it('are made, changed and deleted, and neither the API nor the audit log has the secret', async () => {
    const made = await createChannel(as('admin'), pager())
    expect(made).toEqual({
      id: made.id,
      name: 'pager',
      url: receiver.url,
      hasSecret: true,
      isEnabled: true,
      lastDelivery: null,
    })
    await updateChannel(as('admin'), made.id, { ...pager(), name: 'pager 2', secret: '' })
    expect(await database.prisma.channel.findUnique({ where: { id: made.id } })).toMatchObject({ secret: 'shared' })
    expect(await listChannels(as('operator'))).toMatchObject({ channels: [{ name: 'pager 2', hasSecret: true }] })
    await deleteChannel(as('admin'), made.id)
    expect(await listChannels(as('admin'))).toEqual({ channels: [] })
    expect(await audited()).toMatchObject([
      { action: 'createChannel', before: null, after: { name: 'pager', hasSecret: true } },
      { action: 'updateChannel', before: { name: 'pager' }, after: { name: 'pager 2' } },
      { action: 'deleteChannel', before: { name: 'pager 2' }, after: null },
    ])
    expect(JSON.stringify(await audited())).not.toMatch(/shared|\/hook/)
  })

  it('are changed by admins and seen by operators only', async () => {
    const { id } = await createChannel(as('admin'), pager())
    const refused = { code: 'forbidden' }
    await expect(createChannel(as('operator'), pager())).rejects.toMatchObject(refused)
    await expect(updateChannel(as('operator'), id, pager())).rejects.toMatchObject(refused)
    await expect(deleteChannel(as('operator'), id)).rejects.toMatchObject(refused)
    await expect(listChannels(as('viewer'))).rejects.toMatchObject(refused)
    await expect(testChannel(as('viewer'), id)).rejects.toMatchObject(refused)
  })

  it('that are gone are said to be gone', async () => {
    const gone = { code: 'not_found' }
    await expect(deleteChannel(as('admin'), '11111111-1111-1111-1111-111111111111')).rejects.toMatchObject(gone)
    await expect(updateChannel(as('admin'), 'no-uuid', pager())).rejects.toMatchObject(gone)
  })
})

describe('testChannel', () => {
  it('delivers at once and shows the outcome as the last delivery', async () => {
    const { id } = await createChannel(as('admin'), pager())
    expect(await testChannel(as('operator'), id)).toMatchObject({ kind: 'test', status: 'delivered', attempts: 1 })
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      version: '4',
      alerts: [{ labels: { alertname: 'eyrie_test' } }],
    })
    receiver.answers.push({ status: 404 })
    expect(await testChannel(as('operator'), id)).toMatchObject({ status: 'failed', lastError: 'It answered 404.' })
    const { channels } = await listChannels(as('operator'))
    expect(channels).toMatchObject([{ lastDelivery: { kind: 'test', status: 'failed' } }])
  })
})

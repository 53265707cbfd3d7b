import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { listDescendants } from '../support/process-tree.ts'
import { waitFor } from '../support/wait-for.ts'
import { openTab, provideBrowser, server, visit } from './browser.ts'
import { type ReceivedAlert, startWebhookReceiver } from './webhook-receiver.ts'

provideBrowser()

test('a stopped broker fires the under-replicated alert, which reaches a webhook and resolves when it is back', async () => {
  const { url, received } = await startWebhookReceiver()
  const page = await openTab()
  await shortenRule(page, 'Under-replicated partitions')
  await addChannel(page, url)

  await visit(page, '/clusters/main/brokers/3')
  await page.getByText('Broker 3 is online').waitFor()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Stop broker' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Stop broker' }).click()
  await page.getByText(/Broker 3 does not answer since \d\d:\d\d/).waitFor()

  await visit(page, '/clusters/main')
  await page
    .getByText(/Cluster is at risk: \d+ partitions of \d+ topics miss a replica since .*, broker 3 is down\./)
    .waitFor()
  await visit(page, '/clusters/main/alerts')
  await page.getByText('firing · warning').waitFor()
  const fired = await waitFor('the alert arrives', () => found(received, 'firing'))
  expect(fired.commonAnnotations.brokers).toBe('3')
  await page
    .getByText(/delivered/)
    .first()
    .waitFor()

  await visit(page, '/clusters/main/brokers/3')
  await page.getByRole('button', { name: 'Start broker' }).click()
  await page.getByText('Broker 3 is online').waitFor()
  await visit(page, '/clusters/main/alerts')
  await page.getByText('No alert is open.').waitFor()
  await page.getByRole('table', { name: 'Resolved' }).getByText('resolved · warning').first().waitFor()
  await waitFor('the end of the alert arrives', () => found(received, 'resolved'))
})

test('a broker that was killed is started again, and the page says that its process was', async () => {
  const page = await openTab()
  await visit(page, '/clusters/main')
  const changes = page.getByText('The process of broker 2 was restarted')
  const before = await changes.count()
  const broker = (await listDescendants(server.pid)).find(({ command }) => command.includes('"nodeId":2'))
  expect(broker).toBeDefined()
  process.kill(broker?.pid ?? 0, 'SIGKILL')
  await changes.nth(before).waitFor()
  await visit(page, '/clusters/main/brokers/2')
  await page.getByText('Broker 2 is online: it leads').waitFor()
})

/** The rule's own minute is long for a test. */
async function shortenRule(page: Page, rule: string): Promise<void> {
  await visit(page, '/clusters/main/alerts?tab=rules')
  const form = page.locator('form').filter({ hasText: rule })
  await form.getByLabel('For').fill('2')
  await form.getByLabel('Resolve after').fill('2')
  await form.getByRole('button', { name: 'Save rule' }).click()
  await form.getByRole('button', { name: 'Saved' }).waitFor()
}

async function addChannel(page: Page, url: string): Promise<void> {
  await page.getByRole('tab', { name: 'Channels' }).click()
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await page.getByLabel('Name').fill('on-call')
  await page.getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(url).waitFor()
}

function found(received: readonly ReceivedAlert[], status: ReceivedAlert['status']): ReceivedAlert | undefined {
  return received.find((alert) => alert.status === status && alert.commonLabels.alertname === 'under_replicated')
}

import { expect, test } from 'vitest'
import { openTab, provideBrowser, visit } from './browser.ts'
import { createKafkaClient } from './kafka-client.ts'

provideBrowser()

test('a topic is created by the form, mistakes told at their fields, and deleted by typing its name', async () => {
  const page = await openTab()
  await visit(page, '/clusters/main/topics')
  await page.getByRole('link', { name: 'Create topic' }).click()
  const name = page.getByLabel('Name', { exact: true })
  const create = page.getByRole('button', { name: 'Create topic' })

  await name.fill('e2e invoices')
  await page.getByText('“ ” is not allowed').waitFor()
  await name.fill('orders')
  await page.getByText('A topic of this name exists.').waitFor()
  await name.fill('e2e-invoices')
  await page.getByLabel('Partitions').fill('three')
  await page.getByText('Write a whole number.').waitFor()
  await page.getByLabel('Partitions').fill('4')
  await page.getByLabel('Replication factor').fill('5')
  await page.getByText('At most 3.').waitFor()
  await page.getByLabel('Replication factor').fill('3')
  await page.getByText('The cluster accepts this.').waitFor()

  // Each of the two is sound by itself: only the cluster knows that together they are not.
  await addConfig('min.compaction.lag.ms', '2000')
  await addConfig('max.compaction.lag.ms', '1000')
  await page.getByText('The cluster refuses this:').waitFor()
  const refused = page.getByLabel('min.compaction.lag.ms', { exact: true })
  expect(await refused.getAttribute('aria-invalid')).toBe('true')

  await page.reload()
  await page.getByText('Restored from before the page was left.').waitFor()
  expect(await name.inputValue()).toBe('e2e-invoices')
  expect(await page.getByLabel('Partitions').inputValue()).toBe('4')
  expect(await refused.inputValue()).toBe('2000')

  await page.getByLabel('max.compaction.lag.ms', { exact: true }).fill('86400000')
  await page.getByText('The cluster accepts this.').waitFor()
  await create.click()
  await page.waitForURL('**/topics/e2e-invoices')
  await page.getByText('e2e-invoices is well: 4 partitions').waitFor()
  expect(await configOf('e2e-invoices', 'min.compaction.lag.ms')).toBe('2000')

  await page.getByRole('link', { name: 'Topics', exact: false }).first().click()
  await page.getByRole('link', { name: 'e2e-invoices' }).click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Delete topic' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('This cannot be undone.').waitFor()
  const confirm = dialog.getByRole('button', { name: 'Delete topic' })
  await dialog.getByLabel('Type the name of the topic').fill('e2e-invoice')
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('Type the name of the topic').fill('e2e-invoices')
  await confirm.click()
  await page.waitForURL('**/clusters/main/topics')
  await page.getByRole('link', { name: 'e2e-invoices' }).waitFor({ state: 'detached' })

  async function addConfig(config: string, value: string): Promise<void> {
    await page.getByRole('combobox', { name: 'Add a config' }).fill(config)
    await page.getByRole('option', { name: config }).click()
    await page.getByLabel(config, { exact: true }).fill(value)
  }
})

async function configOf(topic: string, config: string): Promise<string | undefined> {
  const kafka = createKafkaClient()
  const admin = kafka.admin()
  await admin.connect()
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic }] })
    return resources[0]?.configEntries.find(({ configName }) => configName === config)?.configValue
  } finally {
    await admin.disconnect()
  }
}

import { expect, test } from 'vitest'
import { openTab, provideBrowser, visit } from './browser.ts'

provideBrowser()

test('the console is worked with the keyboard alone', async () => {
  const page = await openTab()
  const { keyboard } = page
  await visit(page, '/clusters/main')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()

  await keyboard.press('g')
  await keyboard.press('t')
  await page.waitForURL('**/topics')
  const table = page.getByRole('table', { name: 'Topics' })
  await table.getByRole('row').nth(1).waitFor()

  await keyboard.press('/')
  await keyboard.type('pay')
  await table.getByRole('link', { name: 'payments' }).waitFor()
  expect(await table.getByRole('link', { name: 'orders' }).count()).toBe(0)
  await keyboard.press('Escape')
  await table.getByRole('link', { name: 'orders' }).waitFor()

  await keyboard.press('j')
  await keyboard.press('j')
  await keyboard.press('k')
  const first = (await table.getByRole('row').nth(1).getByRole('link').first().textContent()) ?? ''
  await keyboard.press('Enter')
  await page.waitForURL(`**/topics/${first}`)

  await keyboard.press('Control+k')
  await page.getByPlaceholder('A topic, group, broker or page').waitFor()
  await keyboard.type('clicks')
  await page
    .getByRole('button', { name: /clicks/ })
    .first()
    .waitFor()
  await keyboard.press('ArrowDown')
  await keyboard.press('Enter')
  await page.waitForURL('**/topics/clicks')

  await keyboard.press('?')
  await page.getByRole('dialog').getByText('Go to anything').waitFor()
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

import { expect, onTestFinished, test } from 'vitest'
import { type EyrieProcess, makeDataDirectory, startEyrie } from '../support/eyrie-process.ts'
import { openTab, provideBrowser } from './browser.ts'

provideBrowser()

/** What a tab says in its console while the server is away. */
const serverAway = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection|50[234]/

test('the link of the first start makes the admin once, and a tab outlives a restart of the server', async () => {
  const data = await makeDataDirectory()
  onTestFinished(data.remove)
  const first = await startEyrie({ dataDirectory: data.path })
  onTestFinished(() => first.destroy())
  const link = first.setUpLink ?? 'no link was printed'
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/set-up\?token=\S{20,}$/)

  const page = await openTab({ url: first.url, isSignedIn: false, expectedTrouble: serverAway })
  await page.goto('/')
  await page.getByText('No admin exists yet.').waitFor()
  await page.goto(link)
  await page.getByLabel('Email').fill('first@example.org')
  await page.getByLabel('Name').fill('First Admin')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByText('At least 10 characters.', { exact: true }).waitFor()
  await page.getByLabel('Password', { exact: true }).fill('a sentence to remember')
  await page.getByRole('button', { name: 'Create admin' }).click()
  await page.waitForURL('**/clusters/main')
  await page.getByText('The cluster is running and empty').waitFor()
  await page.getByText('npm run demo').first().waitFor()

  const again = await openTab({ url: first.url, isSignedIn: false })
  await again.goto(link)
  await again.getByText('The first admin exists already.').waitFor()

  await page.goto('/clusters/main/brokers')
  await page.getByRole('button', { name: /^live · \d+ s ago/ }).waitFor()
  await first.end()
  await page.getByRole('button', { name: /^not connected · \d+ s ago/ }).waitFor()
  await page.getByText('127.0.0.1').first().waitFor()
  const second: EyrieProcess = await startEyrie({
    dataDirectory: data.path,
    port: first.port,
    kafkaPort: first.kafkaPort,
  })
  onTestFinished(() => second.destroy())
  expect(second.setUpLink).toBeUndefined()
  await page.getByRole('button', { name: /^live · \d+ s ago/ }).waitFor()
  await page.getByText('online').first().waitFor()
})

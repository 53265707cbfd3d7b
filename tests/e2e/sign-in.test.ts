import { expect, test } from 'vitest'
import WebSocket from 'ws'
import { openTab, provideBrowser, server, visit } from './browser.ts'
import { screens } from './screens.ts'
import { admin } from './suite-server.ts'

provideBrowser()

test('a wrong password is told at the form, the right one leads to the overview', async () => {
  const page = await openTab({ isSignedIn: false, expectedTrouble: /401/ })
  await page.goto('/')
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('That email and password do not belong together.').waitFor()
  expect(await page.getByLabel('Email').inputValue()).toBe(admin.email)
  await page.getByLabel('Password', { exact: true }).fill(admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/clusters/main')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
})

test('signing out ends the session', async () => {
  const page = await openTab()
  await visit(page, '/clusters/main')
  await page.getByRole('button', { name: 'Account' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in*')
  await page.goto('/clusters/main/topics')
  await page.waitForURL('**/sign-in*')
})

test.each(screens)('without a session $name leads to sign-in and back', async ({ path }) => {
  const answer = await fetch(`${server.url}${path}`, { redirect: 'manual' })
  const location = new URL(answer.headers.get('location') ?? '/', server.url)
  expect([answer.status, location.pathname]).toEqual([307, '/sign-in'])
})

test('without a session the socket refuses', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/live`, { origin: server.url })
  const status = await new Promise((resolve) => {
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.once('open', () => resolve('open'))
  })
  socket.on('error', () => undefined).terminate()
  expect(status).toBe(401)
})

test.each(['overview', 'topics', 'groups', 'brokers', 'alerts', 'changes'])(
  'without a session the API keeps %s to itself',
  async (resource) => {
    const answer = await fetch(`${server.url}/api/v1/clusters/main/${resource}`)
    expect(answer.status).toBe(401)
  },
)

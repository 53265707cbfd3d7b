import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import { chromiumPath } from './chromium.ts'
import { admin } from './suite-server.ts'

export const server = inject('server')

export const desktop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

let browser: Browser | undefined

/** Call once at the top of a test file: a browser for the file. */
export function provideBrowser(): void {
  let profile: string
  beforeAll(async () => {
    profile = await mkdtemp(path.join(tmpdir(), 'eyrie-chromium-'))
    // Chromium writes beside its profile too, so that HOME is moved there as well.
    const env = { ...process.env, HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile }
    browser = await chromium.launch({ executablePath: chromiumPath, args: quietFlags, env })
  })
  afterAll(async () => {
    await browser?.close()
    await rm(profile, { recursive: true, force: true })
  })
}

export interface OpenOptions extends BrowserContextOptions {
  readonly url?: string
  readonly isSignedIn?: boolean
  /** What may go wrong in this test: console lines and failed requests that match are no fault. */
  readonly expectedTrouble?: RegExp
}

/**
 * A tab in a context of its own, signed in to the suite's server unless told otherwise. When the test is over the tab is closed,
 * and the test fails when its console held an error or a request of it failed.
 */
export async function openTab(options: OpenOptions = {}): Promise<Page> {
  const { url = server.url, isSignedIn = true, expectedTrouble, ...contextOptions } = options
  if (browser === undefined) throw new Error('provideBrowser() was not called')
  const context = await browser.newContext({ viewport: desktop, baseURL: url, locale: 'en-GB', ...contextOptions })
  context.setDefaultTimeout(30_000)
  if (isSignedIn) await signIn(context, url)
  const page = await context.newPage()
  const trouble = collectTrouble(page)
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await keepEvidence(page, task.name)
    await context.close()
    expect(trouble.filter((line) => expectedTrouble?.test(line) !== true)).toEqual([])
  })
  return page
}

/** Opens a page of the console and waits until it listens: what is pressed before its script runs, is lost. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('button', { name: /^live/ }).waitFor()
}

/** Without the form, which has a test of its own. */
async function signIn(context: BrowserContext, url: string): Promise<void> {
  const answer = await context.request.post('/api/v1/session', { data: admin, headers: { origin: url } })
  expect(answer.status()).toBeLessThan(300)
}

function collectTrouble(page: Page): string[] {
  const trouble: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => trouble.push(`exception: ${error.stack ?? error.message}`))
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // A page that is left gives up what it still asked for.
    if (reason !== 'net::ERR_ABORTED') trouble.push(`request: ${request.method()} ${request.url()} ${reason}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) trouble.push(`response: ${response.status()} ${response.url()}`)
  })
  return trouble
}

async function keepEvidence(page: Page, name: string): Promise<void> {
  const file = `artifacts/screenshots/failed/${name.replaceAll(/\W+/g, '-').slice(0, 80)}.png`
  await page.screenshot({ path: file }).catch(() => undefined)
}

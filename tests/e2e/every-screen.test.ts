import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { desktop, openTab, phone, provideBrowser } from './browser.ts'
import { createTopics } from './kafka-client.ts'
import { screens } from './screens.ts'

provideBrowser()

/** Outside of the repository's history: looked at by people, kept by continuous integration. */
const folder = fileURLToPath(new URL('../../artifacts/screenshots', import.meta.url))
const outside = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'set-up-closed', path: '/set-up?token=used' },
]

beforeAll(() => mkdir(folder, { recursive: true }))

describe.each([
  { size: 'wide', viewport: desktop },
  { size: 'narrow', viewport: phone },
])('$size', ({ size, viewport }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.each([...screens, ...outside])(`$name in ${colorScheme} is whole, named and fits`, async ({ name, path }) => {
      const isSignedIn = screens.some((screen) => screen.path === path)
      const page = await openTab({ viewport, colorScheme, isSignedIn })
      await page.goto(path)
      await settle(page, isSignedIn)
      await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png` })
      expect(await widthOverflow(page)).toBeLessThanOrEqual(0)
      expect(await namelessControls(page)).toEqual([])
    })
  }
})

test('twenty rows of a list are seen at once', async () => {
  await createTopics(Array.from({ length: 30 }, (_, index) => `e2e-many-${String(index).padStart(2, '0')}`))
  const page = await openTab()
  await page.goto('/clusters/main/topics?filter=e2e-many')
  const rows = page.getByRole('table', { name: 'Topics' }).getByRole('row')
  await waitFor('30 topics are listed', async () => (await page.getByText(/^30 of/).count()) === 1)
  const boxes = await Promise.all((await rows.all()).map((row) => row.boundingBox()))
  const seen = boxes.slice(1).filter((box) => box !== null && box.y + box.height <= desktop.height)
  expect(seen.length).toBeGreaterThanOrEqual(20)
})

/** Data is there, charts are drawn, and the page hears of changes. */
async function settle(page: Page, isSignedIn: boolean): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.getByRole('status', { name: 'Reading' }).first().waitFor({ state: 'detached' })
  await waitFor('charts are drawn', () => page.evaluate(areChartsDrawn))
  if (isSignedIn) await page.getByRole('button', { name: /^live/ }).waitFor()
}

function areChartsDrawn(): boolean {
  return [...document.querySelectorAll('main figure')].every((chart) => chart.querySelector('svg') !== null)
}

function widthOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Buttons, links and fields that a screen reader could not name. */
function namelessControls(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isNamed = (control: Element) => {
      const labels = control instanceof HTMLInputElement || control instanceof HTMLSelectElement ? control.labels : null
      const said = [
        control.getAttribute('aria-label'),
        control.getAttribute('title'),
        control.textContent,
        ...[...(labels ?? [])].map((label) => label.textContent),
      ]
      const by = control.getAttribute('aria-labelledby')
      return by !== null || said.some((text) => (text ?? '').trim() !== '')
    }
    return [...document.querySelectorAll('button, a[href], input:not([type=hidden]), select, [role=button]')]
      .filter((control) => control.checkVisibility() && !isNamed(control))
      .map((control) => control.outerHTML.slice(0, 200))
  })
}

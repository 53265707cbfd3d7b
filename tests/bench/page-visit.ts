import { type Browser, type CDPSession, chromium } from 'playwright-core'

/** What one visit of a page with an empty cache cost. */
export interface PageVisit {
  /** From navigation to the first row with its figures on the screen. */
  readonly visibleMs: number
  /** From navigation to the first row answering to a click. */
  readonly usableMs: number
  /** As they came over the wire. */
  readonly bytes: number
  readonly documentBytes: number
  readonly scriptBytes: number
  /** What the live socket brought until the page was at rest. */
  readonly socketBytes: number
  readonly requests: number
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      ...['--disable-sync', '--no-first-run'],
    ],
  })
}

/** Opens `url` in a context of its own. `row` is what has to be seen, answer to a click and lead to another page. */
export async function visitPage(
  browser: Browser,
  options: { url: string; cookie: string; row: string },
): Promise<PageVisit> {
  const { url, cookie, row } = options
  const context = await browser.newContext({ viewport: { width: 1_440, height: 900 } })
  try {
    await context.addCookies(
      cookie.split('; ').map((pair) => {
        const [name = '', ...value] = pair.split('=')
        return { name, value: value.join('='), url: new URL(url).origin }
      }),
    )
    const page = await context.newPage()
    const transfers = await countTransfers(await context.newCDPSession(page))
    await page.addInitScript(watchRow, row)
    await page.goto(url, { waitUntil: 'commit' })
    const times = await page.waitForFunction(() => Reflect.get(window, 'rowTimes'), undefined, { polling: 20 })
    const { visibleMs, usableMs } = (await times.jsonValue()) as { visibleMs: number; usableMs: number }
    await page.waitForLoadState('networkidle')
    const counted = { ...transfers }
    await page.locator(row).first().click()
    await page.waitForURL((opened) => opened.pathname !== new URL(url).pathname)
    return { visibleMs, usableMs, ...counted }
  } finally {
    await context.close()
  }
}

async function countTransfers(session: CDPSession) {
  const counts = { bytes: 0, documentBytes: 0, scriptBytes: 0, socketBytes: 0, requests: 0 }
  const types = new Map<string, string>()
  session.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    counts.bytes += encodedDataLength
    counts.requests++
    if (types.get(requestId) === 'Document') counts.documentBytes += encodedDataLength
    if (types.get(requestId) === 'Script') counts.scriptBytes += encodedDataLength
  })
  session.on('Network.webSocketFrameReceived', ({ response }) => {
    counts.bytes += response.payloadData.length
    counts.socketBytes += response.payloadData.length
  })
  await session.send('Network.enable')
  return counts
}

/** Runs in the page. React marks an element that it has made its own with a property, and answers to clicks from then on. */
function watchRow(row: string): void {
  let visibleMs: number | undefined
  const look = () => {
    const element = document.querySelector(row)
    if (element !== null && /\d/.test(element.textContent ?? '') && element.getBoundingClientRect().height > 0) {
      visibleMs ??= performance.now()
      if (Object.keys(element).some((key) => key.startsWith('__reactProps$'))) {
        Reflect.set(window, 'rowTimes', { visibleMs, usableMs: performance.now() })
        return
      }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

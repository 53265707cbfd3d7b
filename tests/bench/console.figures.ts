import type { Browser } from 'playwright-core'
import { test } from 'vitest'
import { WebSocket } from 'ws'
import type { Overview } from '../../lib/contract/cluster.ts'
import { startApacheKafka } from '../support/apache-kafka.ts'
import { type EyrieProcess, makeDataDirectory, startEyrie } from '../support/eyrie-process.ts'
import { waitFor } from '../support/wait-for.ts'
import { admin, ConsoleClient, cpuMsOf, residentBytesOf } from './console-client.ts'
import { type Figure, median, printFigures } from './figures-table.ts'
import { LargeCluster } from './large-cluster.ts'
import { launchChromium, type PageVisit, visitPage } from './page-visit.ts'

const tickMs = 5_000
const asked = 20
const visits = 5
const ticksMeasured = 6
const tabs = 100
const group = 'group-000'

const environment = {
  EYRIE_TICK_MS: `${tickMs}`,
  EYRIE_ADMIN_EMAIL: admin.email,
  EYRIE_ADMIN_PASSWORD: admin.password,
}

const documents = ['overview', 'topics', `groups/${group}`, 'groups']

/** `row` is what a reader clicks on; where it leads is another page. */
const pages = [
  { name: 'overview', path: '', row: 'main a[href*="/groups/"]' },
  { name: 'topics list', path: '/topics', row: 'main tbody tr[data-opens]' },
  { name: 'group of 250 partitions', path: `/groups/${group}`, row: 'main tbody a[href*="/topics/"]' },
]

test('npm start with its own brokers to /readyz', async () => {
  const data = await makeDataDirectory()
  const figures: Figure[] = []
  try {
    // The first builds what is not built, and is thrown away.
    await (await startEyrie({ dataDirectory: data.path, environment })).end()
    for (const what of ['with data of before', 'once more'])
      figures.push({ what: `npm start, ${what}`, unit: 'ms', ours: await timeToReady(data.path) })
  } finally {
    await data.remove()
  }
  const empty = await makeDataDirectory()
  try {
    figures.unshift({ what: 'npm start, on an empty folder', unit: 'ms', ours: await timeToReady(empty.path) })
  } finally {
    await empty.remove()
  }
  printFigures('From the start of the process to /readyz 200: Postgres, three brokers, first round, pages', figures)
})

test('a cluster of 10,000 partitions and 50,000 committed offsets', async () => {
  const kafka = await startApacheKafka({
    brokers: 1,
    jvmOptions: ['-Xmx1g'],
    // The connection that fills the cluster waits while pages are measured.
    properties: { 'connections.max.idle.ms': '3600000' },
  })
  const data = await makeDataDirectory()
  let eyrie: EyrieProcess | undefined
  let browser: Browser | undefined
  let large: LargeCluster | undefined
  try {
    large = await LargeCluster.create(kafka.bootstrap)
    const startedAt = performance.now()
    eyrie = await startEyrie({
      dataDirectory: data.path,
      environment: { ...environment, KAFKA_BROKERS: kafka.bootstrap },
    })
    const startMs = performance.now() - startedAt
    const client = await ConsoleClient.signIn(eyrie.url)
    const figures: Figure[] = [{ what: 'npm start to /readyz', unit: 'ms', ours: startMs }]
    for (const document of documents) figures.push(...(await measureDocument(client, document)))
    printFigures('The console on Apache Kafka 4.3.1, 1,000 topics of 10 partitions, 200 groups of 250: API', figures)

    browser = await launchChromium()
    for (const page of pages) printFigures(`Chromium: ${page.name}`, await measurePage(browser, client, page))
    await browser.close()
    browser = undefined

    printFigures('A tick', await measureTicks(eyrie, client, large))
    client.close()
  } finally {
    await browser?.close()
    large?.close()
    await eyrie?.end()
    await kafka.stop()
    await data.remove()
  }
})

async function timeToReady(dataDirectory: string): Promise<number> {
  const startedAt = performance.now()
  const eyrie = await startEyrie({ dataDirectory, environment })
  const readyMs = performance.now() - startedAt
  await eyrie.end()
  return readyMs
}

async function measureDocument(client: ConsoleClient, document: string): Promise<Figure[]> {
  const path = `/api/v1/clusters/main/${document}`
  const first = await client.get(path)
  const warm: number[] = []
  for (let i = 0; i < asked; i++) warm.push((await client.get(path)).tookMs)
  const compressed = await client.get(path, { 'accept-encoding': 'gzip' })
  return [
    { what: `GET ${document}, first`, unit: 'ms', ours: first.tookMs },
    { what: `GET ${document}, median of ${asked}`, unit: 'ms', ours: median(warm) },
    { what: `GET ${document}, as it is`, unit: 'kB', ours: first.body.length / 1_000 },
    { what: `GET ${document}, as browsers ask`, unit: 'kB', ours: compressed.body.length / 1_000 },
  ]
}

async function measurePage(
  browser: Browser,
  client: ConsoleClient,
  page: { path: string; row: string },
): Promise<Figure[]> {
  const url = `${client.origin}/clusters/main${page.path}`
  const served: number[] = []
  for (let i = 0; i < asked; i++) served.push((await client.get(`/clusters/main${page.path}`)).tookMs)
  const seen: PageVisit[] = []
  for (let i = 0; i < visits; i++) seen.push(await visitPage(browser, { url, cookie: client.cookie, row: page.row }))
  const of = (pick: (visit: PageVisit) => number) => median(seen.map(pick))
  return [
    { what: 'HTML from the server', unit: 'ms', ours: median(served) },
    { what: 'navigation to rows with figures', unit: 'ms', ours: of((visit) => visit.visibleMs) },
    { what: 'navigation to usable', unit: 'ms', ours: of((visit) => visit.usableMs) },
    { what: 'page weight over the wire', unit: 'kB', ours: of((visit) => visit.bytes / 1_000) },
    { what: 'of that HTML', unit: 'kB', ours: of((visit) => visit.documentBytes / 1_000) },
    { what: 'of that scripts', unit: 'kB', ours: of((visit) => visit.scriptBytes / 1_000) },
    { what: 'of that the socket', unit: 'kB', ours: of((visit) => visit.socketBytes / 1_000) },
    { what: 'requests', unit: '', ours: of((visit) => visit.requests) },
  ]
}

/** Ticks in which nothing moved, ticks in which every partition and group moved, and those again with tabs that watch. */
async function measureTicks(eyrie: EyrieProcess, client: ConsoleClient, large: LargeCluster): Promise<Figure[]> {
  const still = await measureRounds(eyrie, client, async () => undefined)
  const moveAll = async () => {
    await large.produceEverywhere()
    await large.commitEverywhere()
  }
  const moving = await measureRounds(eyrie, client, moveAll)
  const sockets = await Promise.all(Array.from({ length: tabs }, () => openTab(client)))
  const watched = await measureRounds(eyrie, client, moveAll)
  for (const socket of sockets) socket.terminate()
  return [
    { what: 'requests of a round', unit: '', ours: moving.requests },
    { what: 'wall time of a round', unit: 'ms', ours: moving.durationMs },
    { what: 'bytes received in a round', unit: 'kB', ours: moving.bytesIn / 1_000 },
    { what: 'processor time of a tick, nothing moved', unit: 'ms', ours: still.cpuMs },
    { what: 'processor time of a tick, everything moved', unit: 'ms', ours: moving.cpuMs },
    {
      what: `processor time of such a tick with ${tabs} tabs on overview, topics and a group`,
      unit: 'ms',
      ours: watched.cpuMs,
    },
    { what: 'resident memory', unit: 'MB', ours: residentBytesOf(eyrie.pid) / 1024 / 1024 },
  ]
}

async function measureRounds(eyrie: EyrieProcess, client: ConsoleClient, move: () => Promise<void>) {
  const rounds: NonNullable<Overview['round']>[] = []
  const cpuBeforeMs = cpuMsOf(eyrie.pid)
  const startedAt = performance.now()
  let lastAtMs = 0
  while (rounds.length < ticksMeasured) {
    await move()
    const { round, parts } = await waitFor('the next round', () => readRound(client, lastAtMs), { intervalMs: 250 })
    lastAtMs = parts.metadata?.asOfMs ?? 0
    if (round !== null) rounds.push(round)
  }
  const ticks = (performance.now() - startedAt) / tickMs
  const of = (pick: (round: NonNullable<Overview['round']>) => number) => median(rounds.map(pick))
  return {
    cpuMs: (cpuMsOf(eyrie.pid) - cpuBeforeMs) / ticks,
    requests: of(({ requests }) => requests),
    durationMs: of(({ durationMs }) => durationMs),
    bytesIn: of(({ bytesIn }) => bytesIn),
  }
}

async function readRound(client: ConsoleClient, afterMs: number): Promise<Overview | undefined> {
  const overview = await client.getJson<Overview>('/api/v1/clusters/main/overview')
  return (overview.parts.metadata?.asOfMs ?? 0) > afterMs ? overview : undefined
}

/** A browser tab without a browser: follows what three screens show. */
function openTab({ origin, cookie }: ConsoleClient): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/live`, { headers: { cookie, origin } })
    socket.once('error', reject)
    socket.once('open', () => {
      for (const document of ['overview', 'topics', `groups/${group}`]) {
        socket.send(JSON.stringify({ t: 'sub', channel: `clusters/main/${document}` }))
      }
      resolve(socket)
    })
  })
}

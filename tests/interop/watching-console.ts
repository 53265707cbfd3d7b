import pino from 'pino'
import { expect } from 'vitest'
import { type Console, startConsole } from '../../lib/console.ts'
import { HttpDoor } from '../../lib/http/http-door.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { waitFor } from '../support/wait-for.ts'

export interface WatchingConsole {
  get<T>(path: string): Promise<T>
  /** Answers the body once the status is the expected one. */
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown, status: number): Promise<T>
  stop(): Promise<void>
}

const admin = { email: 'admin@example.org', password: 'correct horse battery' }

/** A console in this process that watches the cluster as `main`, with a session of its admin. */
export async function startWatchingConsole(bootstrap: string): Promise<WatchingConsole> {
  const log = pino({ level: 'silent' })
  const database = await createTestDatabase()
  let running: Console | undefined
  const door = new HttpDoor(log, [{ name: 'the first round', isThere: () => running?.isReady === true }])
  const origin = `http://127.0.0.1:${await door.listen('127.0.0.1', 0)}`
  running = await startConsole({
    config: { tickMs: 1_000, publicUrl: undefined, admin, webhookAddresses: 'any' },
    baseUrl: origin,
    databaseUrl: database.databaseUrl,
    door,
    log,
    clusters: [{ id: 'main', name: 'Apache Kafka', kind: 'external', bootstrap }],
  })
  await waitFor('the console is ready', async () => (await fetch(`${origin}/readyz`)).status === 200, {
    timeoutMs: 60_000,
  })
  const request = (method: string, path: string, body?: unknown, cookie = '') =>
    fetch(`${origin}/api/v1/${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const signedIn = await request('POST', 'session', admin)
  const cookies = signedIn.headers.getSetCookie().map((value) => value.split(';')[0])
  const cookie = cookies.join('; ')
  const answer = async <T>(response: Response, status: number) => {
    const text = await response.text()
    expect(response.status, text).toBe(status)
    return JSON.parse(text) as T
  }
  return {
    get: async (path) => answer(await request('GET', path, undefined, cookie), 200),
    send: async (method, path, body, status) => answer(await request(method, path, body, cookie), status),
    stop: async () => {
      await running.close()
      await database.close()
    },
  }
}

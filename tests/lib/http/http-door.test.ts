import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { HttpDoor } from '../../../lib/http/http-door.ts'
import { createSameOrigin } from '../../../lib/http/same-origin.ts'

const doors: HttpDoor[] = []

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})

async function openDoor(parts: ConstructorParameters<typeof HttpDoor>[1] = []) {
  const door = new HttpDoor(pino({ level: 'silent' }), parts)
  const port = await door.listen('127.0.0.1', 0)
  doors.push(door)
  return { door, port, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) }
}

test('says what is missing until everything is there', async () => {
  let isThere = false
  const { get } = await openDoor([{ name: 'Postgres', isThere: () => isThere }])
  expect((await get('/healthz')).status).toBe(200)
  const waiting = await get('/readyz')
  expect(waiting.status).toBe(503)
  expect(await waiting.text()).toContain('Postgres')
  isThere = true
  expect((await get('/readyz')).status).toBe(200)
})

test('the API never reaches the pages', async () => {
  const { door, get } = await openDoor()
  door.openPages((_request, response) => response.end('page'))
  expect((await get('/api/v1/clusters')).status).toBe(503)
  door.openApi((_request, response) => response.end('api'))
  expect(await (await get('/api/v1/clusters')).text()).toBe('api')
  expect(await (await get('/apiary')).text()).toBe('page')
})

test('a port in use is told in one sentence', async () => {
  const { port } = await openDoor()
  const second = new HttpDoor(pino({ level: 'silent' }), [])
  await expect(second.listen('127.0.0.1', port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
})

test.each([
  ['http://eyrie.local:3000', 'eyrie.local:3000', undefined, true],
  ['https://eyrie.example', '127.0.0.1:3000', 'https://eyrie.example/', true],
  ['http://evil.example', 'eyrie.local:3000', 'https://eyrie.example', false],
  ['http://eyrie.local:3001', 'eyrie.local:3000', undefined, false],
  ['null', 'eyrie.local:3000', undefined, false],
])('a page of %s asking %s (public address %s): ours is %s', (origin, host, publicUrl, isOurs) => {
  expect(createSameOrigin(publicUrl)(origin, host)).toBe(isOurs)
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Auth, createAuth } from '../../../lib/auth/auth.ts'
import { AuthError } from '../../../lib/auth/auth-error.ts'
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts'

const source = { address: '192.0.2.7', userAgent: 'vitest' }
const admin = { email: 'Ada@example.org', name: 'Ada', password: 'correct horse battery' }

let database: TestDatabase
const clock = { nowMs: () => Date.UTC(2026, 10, 23) }
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

function open(): Promise<Auth> {
  return createAuth({ prisma: database.prisma, baseUrl: 'http://127.0.0.1:3000', clock })
}

function cookiesOf(setCookie: readonly string[]): Headers {
  return new Headers({ cookie: setCookie.map((cookie) => cookie.split(';')[0]).join('; ') })
}

describe('set-up', () => {
  it('is refused with another token', async () => {
    const auth = await open()
    expect(auth.isSetUpOpen()).toBe(true)
    await expect(auth.setUp({ ...admin, token: 'guess' }, source)).rejects.toThrow(AuthError)
    expect(auth.isSetUpOpen()).toBe(true)
  })

  it('makes one admin from one link, even when it is used twice at once', async () => {
    const auth = await open()
    const token = auth.setUpToken() ?? ''
    const both = await Promise.allSettled([
      auth.setUp({ ...admin, token }, source),
      auth.setUp({ ...admin, email: 'eve@example.org', token }, source),
    ])
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected'])
    expect(await database.prisma.user.count()).toBe(1)
    expect(auth.isSetUpOpen()).toBe(false)
    const signedIn = both[0]?.status === 'fulfilled' ? both[0].value : undefined
    expect(signedIn?.user).toMatchObject({ email: 'ada@example.org', role: 'admin' })
    expect(signedIn?.setCookie[0]).toMatch(/^eyrie\.session_token=.*HttpOnly; SameSite=Lax/)
  })

  it('stays closed after a restart, and the environment changes nothing then', async () => {
    const auth = await open()
    expect(auth.isSetUpOpen()).toBe(false)
    expect(await auth.createFirstAdmin('other@example.org', 'another password')).toBe(false)
    expect(await database.prisma.user.count()).toBe(1)
  })
})

describe('sessions', () => {
  it('outlive a restart and end when signed out', async () => {
    const signedIn = await (await open()).signIn({ email: admin.email, password: admin.password }, source)
    const cookies = cookiesOf(signedIn?.setCookie ?? [])
    const restarted = await open()
    expect(await restarted.findSession(cookies)).toMatchObject({ email: 'ada@example.org', role: 'admin' })
    expect((await restarted.signOut(cookies))[0]).toMatch(/Max-Age=0/)
    expect(await restarted.findSession(cookies)).toBeUndefined()
  })

  it('are not opened by a cookie that was not signed by us', async () => {
    const auth = await open()
    const session = await database.prisma.session.findFirst()
    const forged = new Headers({ cookie: `eyrie.session_token=${session?.token ?? 'x'}.AAAA` })
    expect(await auth.findSession(forged)).toBeUndefined()
    expect(await auth.findSession(new Headers())).toBeUndefined()
  })

  it('are refused for a wrong password and for an unknown account alike', async () => {
    const auth = await open()
    expect(await auth.signIn({ email: admin.email, password: 'wrong' }, source)).toBeUndefined()
    expect(await auth.signIn({ email: 'nobody@example.org', password: 'wrong' }, source)).toBeUndefined()
  })
})

describe('failed sign-ins', () => {
  it('make that address wait, and nobody else', async () => {
    const auth = await open()
    const guesser = { address: '198.51.100.1', userAgent: null }
    const guess = () => auth.signIn({ email: admin.email, password: 'guess' }, guesser)
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, guess))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5)
    await expect(guess()).rejects.toMatchObject({ code: 'too_many_requests' })
    expect(await auth.signIn({ email: admin.email, password: admin.password }, source)).toBeDefined()
  })
})

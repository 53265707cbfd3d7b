import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { role, type SessionUser, type SetUpInput, type SignInInput } from '../contract/session.ts'
import type { PrismaClient } from '../db/rows.ts'
import { AuthError } from './auth-error.ts'
import { readOrCreateAuthSecret } from './auth-secret.ts'
import { SignInLimiter } from './sign-in-limiter.ts'

const sessionSeconds = 14 * 24 * 3_600

export interface AuthOptions {
  readonly prisma: PrismaClient
  /** The address people open; on https the cookie is Secure. */
  readonly baseUrl: string
  readonly clock: { nowMs(): number }
}

/** Whom a sign-in comes from: the limiter counts by address, the session remembers both. */
export interface SignInSource {
  readonly address: string
  readonly userAgent: string | null
}

export interface SignedIn {
  readonly user: SessionUser
  /** Values of `Set-Cookie` headers. */
  readonly setCookie: string[]
}

/**
 * Accounts and sessions: cookies (HttpOnly, SameSite=Lax) over rows that better-auth keeps. Nobody can sign up; the first
 * admin is made with the one-time token or by `createFirstAdmin`.
 */
export async function createAuth(options: AuthOptions): Promise<Auth> {
  const secret = await readOrCreateAuthSecret(options.prisma)
  const users = await options.prisma.user.count()
  return new Auth({ ...options, secret, isSetUpOpen: users === 0 })
}

export class Auth {
  readonly #prisma: PrismaClient
  readonly #clock: { nowMs(): number }
  readonly #sessions: ReturnType<typeof createBetterAuth>
  readonly #limiter = new SignInLimiter()
  /** Good until the first admin exists, in this process only: each start prints a new one. */
  #setUpToken: string | undefined

  constructor(options: AuthOptions & { secret: string; isSetUpOpen: boolean }) {
    this.#prisma = options.prisma
    this.#clock = options.clock
    this.#sessions = createBetterAuth(options)
    this.#setUpToken = options.isSetUpOpen ? randomBytes(24).toString('base64url') : undefined
  }

  isSetUpOpen(): boolean {
    return this.#setUpToken !== undefined
  }

  setUpToken(): string | undefined {
    return this.#setUpToken
  }

  async findSession(headers: Headers): Promise<SessionUser | undefined> {
    if (!headers.has('cookie')) return undefined
    const session = await this.#sessions.api.getSession({ headers })
    return session === null ? undefined : sessionUserOf(session.user)
  }

  /** `undefined` when email and password do not match; throws `AuthError` when there were too many failures before. */
  async signIn(input: SignInInput, source: SignInSource): Promise<SignedIn | undefined> {
    const attempt = { email: input.email, address: source.address }
    const waitMs = this.#limiter.waitMs(attempt, this.#clock.nowMs())
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000)
      throw new AuthError('too_many_requests', `Too many failed sign-ins. Try again in ${seconds} s.`, {
        retryAfterMs: waitMs,
      })
    }
    // Counted before the password is checked, which takes a while: tries sent all at once would else all pass.
    this.#limiter.failed(attempt, this.#clock.nowMs())
    const signedIn = await this.#openSession(input, source)
    if (signedIn !== undefined) this.#limiter.succeeded(attempt)
    return signedIn
  }

  /** Ends the session of these cookies, if there is one, and answers the cookies that clear it. */
  async signOut(headers: Headers): Promise<string[]> {
    const answer = await this.#sessions.api.signOut({ headers, returnHeaders: true })
    return answer.headers.getSetCookie()
  }

  /** Makes the first admin and signs them in. Throws `AuthError` when the token is wrong or was used. */
  async setUp(input: SetUpInput, source: SignInSource): Promise<SignedIn> {
    const token = this.#setUpToken
    if (token === undefined) throw new AuthError('conflict', 'The first account exists already. Sign in with it.')
    if (!isSameSecret(token, input.token)) {
      throw new AuthError('forbidden', 'This link is not valid. Open the newest one that Eyrie printed at its start.')
    }
    // Taken before the first await: of two requests with the same link one wins.
    this.#setUpToken = undefined
    try {
      await this.#createAdmin(input)
    } catch (error) {
      this.#setUpToken = token
      throw error
    }
    const signedIn = await this.#openSession(input, source)
    if (signedIn === undefined) throw new Error('an account that was just created can sign in')
    return signedIn
  }

  /** False when there are accounts already; then nothing is changed. */
  async createFirstAdmin(email: string, password: string): Promise<boolean> {
    if (this.#setUpToken === undefined) return false
    this.#setUpToken = undefined
    await this.#createAdmin({ email, password, name: email.split('@')[0] ?? email })
    return true
  }

  async #createAdmin(account: { email: string; name: string; password: string }): Promise<void> {
    const context = await this.#sessions.$context
    const password = await context.password.hash(account.password)
    const id = randomUUID()
    await this.#prisma.user.create({
      data: {
        id,
        email: account.email.toLowerCase(),
        name: account.name,
        emailVerified: true,
        role: 'admin',
        accounts: {
          create: { id: randomUUID(), accountId: id, providerId: 'credential', password },
        },
      },
    })
  }

  async #openSession(input: SignInInput, source: SignInSource): Promise<SignedIn | undefined> {
    try {
      const answer = await this.#sessions.api.signInEmail({
        body: { email: input.email, password: input.password },
        headers: new Headers({
          'x-forwarded-for': source.address,
          ...(source.userAgent === null ? {} : { 'user-agent': source.userAgent }),
        }),
        returnHeaders: true,
      })
      const user = await this.#prisma.user.findUniqueOrThrow({ where: { id: answer.response.user.id } })
      return { user: sessionUserOf(user), setCookie: answer.headers.getSetCookie() }
    } catch (error) {
      if (error instanceof APIError && error.statusCode === 401) return undefined
      throw error
    }
  }
}

function createBetterAuth(options: { prisma: PrismaClient; baseUrl: string; secret: string }) {
  return betterAuth({
    baseURL: options.baseUrl,
    secret: options.secret,
    database: prismaAdapter(options.prisma, { provider: 'postgresql' }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    user: { additionalFields: { role: { type: 'string', input: false, defaultValue: 'viewer' } } },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true },
    advanced: {
      cookiePrefix: 'eyrie',
      useSecureCookies: options.baseUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
}

function sessionUserOf(user: {
  id: string
  email: string
  name: string
  role?: string | null | undefined
}): SessionUser {
  return { id: user.id, email: user.email, name: user.name, role: role.parse(user.role) }
}

function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { SignInSource } from '../../auth/auth.ts'
import { session, setUpInput, signInInput } from '../../contract/session.ts'
import { ServiceError } from '../../services/service-error.ts'
import type { ApiContext, ApiEnvironment } from '../api-context.ts'
import { jsonAnswer, problems } from '../document-route.ts'

const signedIn = { 200: jsonAnswer(session, 'Signed in; the session is a cookie'), ...problems }

const getSession = createRoute({ method: 'get', path: '/session', summary: 'Who is signed in', responses: signedIn })

const signIn = createRoute({
  method: 'post',
  path: '/session',
  summary: 'Sign in',
  request: { body: { required: true, content: { 'application/json': { schema: signInInput } } } },
  responses: signedIn,
})

const signOut = createRoute({
  method: 'delete',
  path: '/session',
  summary: 'Sign out',
  responses: { 204: { description: 'Signed out' }, ...problems },
})

const setUp = createRoute({
  method: 'post',
  path: '/set-up',
  summary: 'Create the first admin with the token that was printed at the first start',
  request: { body: { required: true, content: { 'application/json': { schema: setUpInput } } } },
  responses: signedIn,
})

export function addSessionRoutes(app: OpenAPIHono<ApiEnvironment>, { auth, onSignedOut }: ApiContext): void {
  app.openapi(getSession, (c) => c.json({ user: c.get('user') }, 200))
  app.openapi(signIn, async (c) => {
    const answer = await auth.signIn(c.req.valid('json'), sourceOf(c))
    if (answer === undefined) throw new ServiceError('unauthenticated', 'Email and password do not match.')
    setCookies(c, answer.setCookie)
    return c.json({ user: answer.user }, 200)
  })
  app.openapi(signOut, async (c) => {
    setCookies(c, await auth.signOut(c.req.raw.headers))
    await onSignedOut()
    return c.body(null, 204)
  })
  app.openapi(setUp, async (c) => {
    const answer = await auth.setUp(c.req.valid('json'), sourceOf(c))
    setCookies(c, answer.setCookie)
    return c.json({ user: answer.user }, 200)
  })
}

function setCookies(c: Context<ApiEnvironment>, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
}

function sourceOf(c: Context<ApiEnvironment>): SignInSource {
  return { address: c.env?.incoming?.socket.remoteAddress ?? '', userAgent: c.req.header('user-agent') ?? null }
}

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { SessionUser } from '../lib/contract/session.ts'
import { requireRuntime } from '../lib/runtime.ts'

/** Who is signed in; sends everyone else to sign in and back here afterwards. */
export async function requireSessionUser(): Promise<SessionUser> {
  const head = await headers()
  const user = await requireRuntime().findSession(head)
  if (user !== undefined) return user
  const path = head.get('x-eyrie-path')
  redirect(path === null ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`)
}

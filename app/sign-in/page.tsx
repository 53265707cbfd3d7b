import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { requireRuntime } from '../../lib/runtime.ts'
import { SignInForm } from './sign-in-form.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const next = ownPath((await searchParams).next)
  const runtime = requireRuntime()
  if ((await runtime.findSession(await headers())) !== undefined) redirect(next)
  return <SignInForm next={next} isSetUpNeeded={runtime.isSetUpOpen()} />
}

/** Only paths of this console: `//elsewhere.example` and full addresses would lead away after signing in. */
function ownPath(next: string | undefined): string {
  return next?.startsWith('/') && !/^\/[/\\]/.test(next) ? next : '/'
}

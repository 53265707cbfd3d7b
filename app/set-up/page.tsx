import type { Metadata } from 'next'
import { requireRuntime } from '../../lib/runtime.ts'
import { SetUpForm } from './set-up-form.tsx'

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' }
export const dynamic = 'force-dynamic'

export default async function SetUpPage({ searchParams }: { searchParams: Promise<{ token?: string }> }) {
  const { token } = await searchParams
  return <SetUpForm token={token} isOpen={requireRuntime().isSetUpOpen()} />
}

'use client'

import Link from 'next/link'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { EmptyState } from './empty-state.tsx'

export function MissingPage() {
  const words = useWords().frame
  return (
    <main style={{ padding: '12vh 24px' }}>
      <EmptyState title={words.notFoundTitle} detail={words.notFoundDetail}>
        <Link href="/">{words.toOverview}</Link>
      </EmptyState>
    </main>
  )
}

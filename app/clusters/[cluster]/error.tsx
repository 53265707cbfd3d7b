'use client'

import { Button } from '@mantine/core'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { EmptyState } from '../../components/section/empty-state.tsx'

/** The frame stands; only the page in it could not be drawn. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  const words = useWords()
  return (
    <EmptyState title={words.frame.brokenTitle} detail={words.frame.brokenDetail}>
      <code>{error.message}</code>
      <Button variant="default" onClick={reset}>
        {words.common.retry}
      </Button>
    </EmptyState>
  )
}

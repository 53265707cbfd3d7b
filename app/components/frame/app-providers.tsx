'use client'

import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Language } from '../../../lib/format/language.ts'
import { sendFromBrowser } from '../../../lib/web/api-client.ts'
import { createQueryClient } from '../../../lib/web/query-client.ts'
import type { ReaderChoices } from '../../../lib/web/reader-choices.ts'
import { theme } from '../../theme.ts'
import { LanguageProvider } from './language-provider.tsx'

interface AppProvidersProps {
  language: Language
  choices: ReaderChoices
  nowMs: number
  children: ReactNode
}

export function AppProviders({ language, choices, nowMs, children }: AppProvidersProps) {
  const [queryClient] = useState(() => createQueryClient(sendFromBrowser, { retries: 3, onSignedOut: goToSignIn }))
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <LanguageProvider language={language} choices={choices} nowMs={nowMs}>
          {children}
        </LanguageProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** A whole new page on purpose: nothing of the ended session stays in memory. */
function goToSignIn() {
  if (location.pathname === '/sign-in') return
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}

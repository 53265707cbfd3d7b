import './mantine-styles.ts'
import './tokens.css'
import './globals.css'
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core'
import type { Metadata, Viewport } from 'next'
import { cookies, headers } from 'next/headers'
import type { ReactNode } from 'react'
import { chooseLanguage } from '../lib/format/language.ts'
import { parseReaderChoices } from '../lib/web/reader-choices.ts'
import { AppProviders } from './components/frame/app-providers.tsx'

export const metadata: Metadata = { title: { default: 'Eyrie', template: '%s · Eyrie' }, robots: { index: false } }
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, head] = await Promise.all([cookies(), headers()])
  const choices = parseReaderChoices((name) => jar.get(name)?.value)
  const language = chooseLanguage(choices.language, head.get('accept-language'))
  return (
    <html lang={language} data-density={choices.density} {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="auto" nonce={head.get('x-nonce') ?? undefined} />
      </head>
      <body>
        <AppProviders language={language} choices={choices} nowMs={Date.now()}>
          {children}
        </AppProviders>
      </body>
    </html>
  )
}

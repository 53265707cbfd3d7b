'use client'

import type { ComponentProps } from 'react'
import { english } from '../../../lib/format/english.ts'
import { ReaderProvider } from '../../../lib/web/reader-provider.tsx'

export function EnglishProvider(props: Omit<ComponentProps<typeof ReaderProvider>, 'words'>) {
  return <ReaderProvider {...props} words={english} />
}

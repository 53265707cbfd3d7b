'use client'

import type { ComponentProps } from 'react'
import { chinese } from '../../../lib/format/chinese.ts'
import { ReaderProvider } from '../../../lib/web/reader-provider.tsx'

export function ChineseProvider(props: Omit<ComponentProps<typeof ReaderProvider>, 'words'>) {
  return <ReaderProvider {...props} words={chinese} />
}

'use client'

import dynamic from 'next/dynamic'
import type { ComponentProps } from 'react'
import { EnglishProvider } from './english-provider.tsx'

// English comes with the page, since most read it; Chinese is fetched by those who do.
const ChineseProvider = dynamic(() => import('./chinese-provider.tsx').then((module) => module.ChineseProvider))

export function LanguageProvider(props: ComponentProps<typeof EnglishProvider>) {
  return props.language === 'zh' ? <ChineseProvider {...props} /> : <EnglishProvider {...props} />
}

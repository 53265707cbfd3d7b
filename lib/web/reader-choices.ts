import type { Language } from '../format/language.ts'

/** What a reader chose, kept in cookies so that the server draws the first paint in it. */
export interface ReaderChoices {
  language: Language | undefined
  zone: string | undefined
  density: 'compact' | 'roomy'
  isRailFolded: boolean
}

const cookieNames = {
  language: 'eyrie-language',
  zone: 'eyrie-zone',
  density: 'eyrie-density',
  rail: 'eyrie-rail',
} as const

export function parseReaderChoices(cookie: (name: string) => string | undefined): ReaderChoices {
  const language = cookie(cookieNames.language)
  const zone = cookie(cookieNames.zone)
  return {
    language: language === 'en' || language === 'zh' ? language : undefined,
    zone: zone !== undefined && isZone(zone) ? zone : undefined,
    density: cookie(cookieNames.density) === 'roomy' ? 'roomy' : 'compact',
    isRailFolded: cookie(cookieNames.rail) === 'folded',
  }
}

export function saveReaderChoice(name: keyof typeof cookieNames, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http.
  document.cookie = `${cookieNames[name]}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`
}

function isZone(text: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
